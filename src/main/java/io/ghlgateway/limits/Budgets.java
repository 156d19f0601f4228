package io.ghlgateway.limits;

/** The budgets of all keys. Safe for use by any thread. */
public interface Budgets {

    /** The budget of this key; while anyone holds it, always the same instance. Never blocks. */
    Budget of(BudgetKey key);

    /**
     * What a request to this path must be paid from: the key's budget and, where its endpoint has limits of its own, all of
     * them together. For the same key and limits always the same instance, while anyone holds it.
     *
     * @param uri as it came, still encoded
     */
    default Budget of(BudgetKey key, String uri) {
        return of(key);
    }
}
