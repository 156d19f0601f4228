package io.ghlgateway.limits;

/** The budgets of all keys. Safe for use by any thread. */
public interface Budgets {

    /** The budget of this key; while anyone holds it, always the same instance. Never blocks. */
    Budget of(BudgetKey key);
}
