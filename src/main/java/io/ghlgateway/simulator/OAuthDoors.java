package io.ghlgateway.simulator;

/** The two doors of OAuth that no token opens: the one for apps and the one for people. */
final class OAuthDoors {

    private final TokenDoor tokens;
    private final ConsentDoor consent;
    private final Admission admission;
    private final Delivery delivery;

    OAuthDoors(TokenDoor tokens, ConsentDoor consent, Admission admission, Delivery delivery) {
        this.tokens = tokens;
        this.consent = consent;
        this.admission = admission;
        this.delivery = delivery;
    }

    /** Whether the call was for one of them, which then has taken it. */
    boolean handles(Visit visit) {
        if (consent.isMeant(visit)) {
            delivery.reply(visit, consent.answer(visit));
            return true;
        }
        if (!tokens.isMeant(visit)) {
            return false;
        }
        admission
                .wrongVersion(visit)
                .ifPresentOrElse(wrong -> delivery.reply(visit, wrong), () -> tokens.handle(visit));
        return true;
    }
}
