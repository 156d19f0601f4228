package io.ghlgateway.install;

import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.install.CodeExchange.Connected;
import io.ghlgateway.install.Page.Fact;
import io.ghlgateway.install.Page.Link;
import io.ghlgateway.install.Page.Tone;
import io.ghlgateway.tenancy.App;
import java.net.URI;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the door says, to customers who know nothing of gateways.
 *
 * @param publicUrl of the door
 */
record Pages(URI publicUrl) {

    /** OAuth's own words for a refusal; any other may be anybody's. */
    private static final Pattern ERROR_WORD = Pattern.compile("[a-z_]{1,40}");

    static Page nothingHere() {
        return Page.failure(404, "Nothing is here", "This address leads nowhere. Check the link.", Optional.empty());
    }

    static Page wrongMethod() {
        return Page.failure(405, "Not this way", "This address can only be opened in a browser.", Optional.empty());
    }

    static Page unreadable(int status) {
        return Page.failure(status, "This request cannot be read", "It is too long or not HTTP.", Optional.empty());
    }

    static Page defect() {
        return Page.failure(
                500, "Something went wrong here", "It is not your doing. Please try again later.", Optional.empty());
    }

    Page connected(App app, Connected connected) {
        boolean isAgency = connected.resource().isCompany();
        var facts = new ArrayList<Fact>();
        facts.add(new Fact("App", app.id()));
        if (!isAgency) {
            facts.add(new Fact("Location", connected.resource().id()));
        }
        connected
                .companyId()
                .or(() -> isAgency ? Optional.of(connected.resource().id()) : Optional.empty())
                .ifPresent(id -> facts.add(new Fact("Agency", id)));
        if (isAgency) {
            facts.add(new Fact("Locations", String.valueOf(connected.locations())));
        }
        var whose = isAgency ? "agency" : "location";
        return connected.pending()
                ? new Page(
                        200,
                        Tone.WAIT,
                        "Waiting for approval",
                        "Your " + whose
                                + " has said yes. The installation was begun in the Marketplace, so the operator"
                                + " of this app looks at it before it is used.",
                        facts,
                        Optional.empty())
                : new Page(
                        200,
                        Tone.DONE,
                        "Connected",
                        "Your " + whose + " is connected, and the app can work with it from now on.",
                        facts,
                        Optional.empty());
    }

    Page declined(App app, String error) {
        var said = ERROR_WORD.matcher(error).matches() ? " (" + error + ")" : "";
        return Page.failure(
                400,
                "Nothing was connected",
                "HighLevel says that the installation was not granted" + said + ".",
                again(app));
    }

    Page malformed(App app) {
        return Page.failure(
                400,
                "This link is not whole",
                "The address that HighLevel leads back to carries exactly one code, and this one does not.",
                again(app));
    }

    Page badState(App app) {
        return Page.failure(
                400,
                "This installation cannot be completed",
                "It was begun in another browser, more than "
                        + InstallState.LIFE.toMinutes()
                        + " minutes ago, or was completed already. Nothing was connected by it just now.",
                again(app));
    }

    Page unasked(App app) {
        return Page.failure(
                403,
                "Please begin here",
                "This app is not installed from the Marketplace alone. Nothing was connected; begin with this link.",
                again(app));
    }

    Page refused(App app, Refused.Reason reason) {
        return switch (reason) {
            case INVALID_GRANT ->
                Page.failure(
                        400,
                        "The code was used or has expired",
                        "HighLevel takes a code once, and not for long. Nothing was connected just now: start again.",
                        again(app));
            case THROTTLED ->
                Page.failure(
                        400,
                        "HighLevel is busy",
                        "It took no more requests. Wait a minute and start again.",
                        again(app));
            case LOCATION_NOT_ACTIVE, TOKEN_INVALID, OTHER ->
                Page.failure(
                        400,
                        "HighLevel refused the installation",
                        "Nothing was connected. If it happens again, tell the operator of this app, who can see why.",
                        again(app));
        };
    }

    Page unanswered(App app) {
        return Page.failure(
                502,
                "HighLevel did not answer",
                "So it is not known whether the installation went through. Wait a minute and start again; it does no harm"
                        + " to do it twice.",
                again(app));
    }

    Page busy() {
        return Page.failure(
                503,
                "One moment, please",
                "Too many installations are being completed right now. Reload this page in a few seconds.",
                Optional.empty());
    }

    Page failed(App app) {
        return Page.failure(
                500,
                "The installation could not be completed",
                "It is not your doing. Please start again later, and tell the operator of this app if it stays like this.",
                again(app));
    }

    private Optional<Link> again(App app) {
        return Optional.of(
                new Link("Start again", InstallDoor.link(publicUrl, app).toString()));
    }
}
