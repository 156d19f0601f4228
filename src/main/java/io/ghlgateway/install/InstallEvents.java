package io.ghlgateway.install;

import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import java.util.Locale;

/**
 * What happens at the door. Each callback that was for an app ends in exactly one of {@link #completed} and
 * {@link #refused}. Called on the door's event loop; must not block or throw.
 */
public interface InstallEvents {

    /** Why an installation came to nothing. */
    enum Reason {
        /** The customer, or HighLevel for them, said no. */
        DECLINED,
        /** The callback's own parameters make no sense. */
        MALFORMED,
        /** Its state is forged, expired, another browser's or used already. */
        STATE,
        /** It was begun in the Marketplace, which the app's policy refuses. */
        UNASKED,
        /** HighLevel refused the code. */
        CODE,
        /** HighLevel gave no answer to be relied on. */
        UNANSWERED,
        /** Too many were being completed at once; the code was not used. */
        BUSY,
        /** Our own doing. */
        FAILED;

        /** As it stands in metrics. */
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Somebody was sent on to HighLevel. */
    void begun(App app);

    void completed(App app, Resource.Kind kind, boolean pending);

    void refused(App app, Reason reason);
}
