package io.ghlgateway.limits;

/** Placeholder. */
public interface SpendJournal {
    SpendJournal NONE = key -> HeapBucket.Ledger.NONE;

    HeapBucket.Ledger ledger(BudgetKey key);
}
