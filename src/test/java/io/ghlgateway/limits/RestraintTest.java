package io.ghlgateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RestraintTest {

    @Test
    void whatWasHalvedComesBackByAHundredthOfTheQuotaUntilThereIsNoBound() {
        assertThat(new Restraint(3, 50).restored(200)).isEqualTo(new Restraint(3, 52));
        assertThat(new Restraint(3, 197).restored(200)).isEqualTo(new Restraint(3, 199));
        assertThat(new Restraint(3, 198).restored(200)).isEqualTo(new Restraint(3, Restraint.UNBOUND));
    }

    @Test
    void ofASmallQuotaOneComesBackAtATime() {
        assertThat(new Restraint(0, 2).restored(10)).isEqualTo(new Restraint(0, 3));
    }

    @Test
    void whereThereIsNoBoundNothingComesBack() {
        assertThat(Restraint.NONE.restored(100)).isEqualTo(Restraint.NONE);
    }

    @Test
    void halvesWhatCouldBeSentOrWhatWasWhereThatIsLess() {
        assertThat(Restraint.NONE.halved(100, 100)).isEqualTo(new Restraint(0, 50));
        assertThat(Restraint.NONE.halved(100, 20)).isEqualTo(new Restraint(0, 10));
        assertThat(new Restraint(0, 30).halved(100, 100)).isEqualTo(new Restraint(0, 15));
        assertThat(new Restraint(0, 3).halved(100, 100))
                .as("a fiftieth of the quota at least")
                .isEqualTo(new Restraint(0, 2));
    }

    @Test
    void othersAreLeftAllButOne() {
        assertThat(new Restraint(30, Restraint.UNBOUND).requests(100)).isEqualTo(70);
        assertThat(new Restraint(100, Restraint.UNBOUND).requests(100)).isEqualTo(1);
    }
}
