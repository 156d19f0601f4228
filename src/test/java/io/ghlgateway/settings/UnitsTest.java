package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({"250ms,250", "10s,10000", "5m,300000", "2h,7200000", "1d,86400000", "0s,0"})
    void readsTimes(String text, long millis) {
        assertThat(Units.TIME.parse(text)).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource({"0B,0", "32KiB,32768", "256MiB,268435456", "1GiB,1073741824", "8589934591GiB,9223372035781033984"})
    void readsSizes(String text, long bytes) {
        assertThat(Units.SIZE.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "s", "-1s", "1.5s", "1 s", "1S", "1sec", "1KB", "8589934592GiB", "9999999999999999999B"
            })
    void refusesTheRest(String text) {
        assertThat(Units.TIME.parse(text)).isEmpty();
        assertThat(Units.SIZE.parse(text)).isEmpty();
    }

    @Property
    void readsBackWhatItWrites(@ForAll @LongRange(min = 0, max = Long.MAX_VALUE / 10) long quantity) {
        assertThat(Units.TIME.parse(Units.TIME.format(quantity))).hasValue(quantity);
        assertThat(Units.SIZE.parse(Units.SIZE.format(quantity))).hasValue(quantity);
    }
}
