package io.ghlgateway.dispatch;

import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Rivals;
import io.ghlgateway.limits.RouteKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one lane stands among the others that wait for the same permits. What others read may be read by any thread; the
 * rest is done under the lane's lock.
 */
final class Place implements Rivals {
    /*
     * Lanes of one key share its permits in order of arrival: a lane takes a turn only while nobody in another that wants the
     * same permits has waited longer; whose turn it is in the lane is the lane's affair, so urgency counts there only. One that is known to wait for an endpoint's limit wants nothing else until that limit
     * gives; from then on it stands as if all in it had come at that moment. So a dry endpoint holds nobody up, and when it
     * gives again its crowd does not overtake those who came in between, whose waits were foretold without it.
     *
     * A lane stands in all its crowds since the same moment: of those that may go the one that stands longest is first everywhere.
     * So no two lanes wait for each other.
     *
     * No wake-up is lost: who yields says so before it looks at the others, and who moves on says so before it looks who
     * yielded. A wake-up follows only a move, so lanes that all yield to one do not wake each other in turn.
     */

    private final Crowd forKey;
    private final Map<RouteKey, Crowd> forRoutes;
    private final List<Crowd> crowds;
    private final Runnable wake;
    private final Wakes wakes;
    private final AtomicBoolean yields = new AtomicBoolean();

    private volatile int waiting; // zero: it stands in no crowd
    private volatile long since;
    private volatile @Nullable Crowd dry; // whose permits are not there yet

    private boolean moved;
    private boolean wasBarred;
    private long barredUntil;

    Place(Crowd forKey, Map<RouteKey, Crowd> forRoutes, Runnable wake, Wakes wakes) {
        this.forKey = forKey;
        this.forRoutes = forRoutes;
        this.wake = wake;
        this.wakes = wakes;
        this.crowds =
                Stream.concat(Stream.of(forKey), forRoutes.values().stream()).toList();
    }

    @Override
    public int forKey() {
        return forKey.others(this);
    }

    @Override
    public int forRoute(RouteKey route) {
        var crowd = forRoutes.get(route);
        return crowd == null ? 0 : crowd.others(this);
    }

    /** Whether nobody in another lane waits for the same permits. If some do, what this lane gets is their doing too. */
    boolean nobodyElseWaits() {
        for (var crowd : crowds) {
            if (crowd.others(this) > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the lane may take its turn before all others. If not, it is woken when that may be otherwise.
     *
     * @param oldest of those in its line
     */
    boolean mayGo(@Nullable Waiter oldest) {
        long mine = oldest == null ? 0 : since(oldest);
        yields.set(true);
        for (var crowd : crowds) {
            if (crowd.isBehind(this, mine)) {
                return false;
            }
        }
        yields.set(false);
        return true;
    }

    /** The budget said what it holds, and which of its permits come last. */
    void told(Forecast forecast, long now) {
        var before = dry;
        var next =
                forecast.isNow() ? null : forecast.route().map(forRoutes::get).orElse(forKey);
        boolean was = before != null && before != forKey;
        boolean is = next != null && next != forKey;
        if (was && !is) {
            barredUntil = now;
            wasBarred = true;
        }
        moved |= next != before;
        dry = next;
    }

    /**
     * The lane has nothing to do for now.
     *
     * @param oldest of those in line, if there are any
     * @return wakes those that yielded to what is no longer so; null when nothing changed for them
     */
    @Nullable
    Runnable stand(int inLine, @Nullable Waiter oldest) {
        boolean was = waiting > 0;
        boolean is = oldest != null && inLine > 0;
        if (is) {
            long next = since(oldest);
            moved |= was && next != since;
            since = next;
        } else {
            moved |= was;
        }
        waiting = is ? inLine : 0;
        if (is && !was) {
            crowds.forEach(crowd -> crowd.enter(this));
        } else if (was && !is) {
            crowds.forEach(crowd -> crowd.leave(this));
        }
        boolean changed = moved;
        moved = false;
        return changed ? this::wakeOthers : null;
    }

    private void wakeOthers() {
        crowds.forEach(crowd -> crowd.wakeOthers(this));
    }

    void wake() {
        if (yields.compareAndSet(true, false)) {
            wakes.run(wake);
        }
    }

    int waiting() {
        return waiting;
    }

    /** When it came, for those it shares permits with. */
    long since() {
        return since;
    }

    /** Whether it would take permits of this crowd's if they came now. */
    boolean wants(Crowd crowd) {
        var waitsFor = dry;
        return waitsFor == null || waitsFor == crowd;
    }

    private long since(Waiter oldest) {
        long arrived = oldest.arrived();
        return wasBarred && barredUntil - arrived > 0 ? barredUntil : arrived;
    }
}
