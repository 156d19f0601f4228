package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import org.junit.jupiter.api.Test;

class BudgetNamesTest {

    private static final BudgetKey KEY = new BudgetKey(App.PRIVATE, Resource.location("ve9EPM428h8vShlRW1KT"));

    @Test
    void aBudgetIsNamedByHighLevelsId() {
        assertThat(new BudgetNames(false).of(KEY)).isEqualTo("private:location:ve9EPM428h8vShlRW1KT");
    }

    /** As {@code printf ve9EPM428h8vShlRW1KT | sha256sum} has it. */
    @Test
    void orByTheHashOfIt() {
        assertThat(new BudgetNames(true).of(KEY)).isEqualTo("private:location:14194382d09a");
    }
}
