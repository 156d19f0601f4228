package io.ghlgateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agency's locations are listed to the last, however HighLevel cuts the list. */
class AgencyListingTest {

    @TempDir
    Path directory;

    private AdminBed bed;

    @BeforeEach
    void open() {
        bed = new AdminBed(directory, AdminBed.KEYSET);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void aPageThatIsShorterThanAskedForIsFollowedByTheNextRow() {
        bed.highLevel.installed = List.of("loc1", "loc2", "loc3", "loc4", "loc5");
        bed.highLevel.atOnce = 2;

        assertThat(connected()).isEqualTo(5);
    }

    @Test
    void aPageOfLocationsThatTheAppIsNotInDoesNotEndTheList() {
        bed.highLevel.left = List.of("left1", "left2", "left3");
        bed.highLevel.installed = List.of("loc1", "loc2");
        bed.highLevel.atOnce = 2;

        assertThat(connected()).isEqualTo(2);
    }

    /** How many locations came with an agency that is brought here. */
    private long connected() {
        bed.post("/installations/import", AdminBed.imported(AdminBed.companyToken("comp")));
        return bed.installations.all().stream()
                .filter(known -> known.key().resource().id().startsWith("loc"))
                .count();
    }
}
