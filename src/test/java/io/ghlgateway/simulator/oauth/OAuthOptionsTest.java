package io.ghlgateway.simulator.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class OAuthOptionsTest {

    private static final OAuthOptions NONE = OAuthOptions.defaults();

    @Test
    void readsAnAppAndItsIdInTheMarketplace() {
        App app = App.parse("crm=66f0a1-m1x2:s3:cret");

        assertThat(app.id()).isEqualTo("crm");
        assertThat(app.clientId()).isEqualTo("66f0a1-m1x2");
        assertThat(app.appId()).isEqualTo("66f0a1");
        assertThat(app.clientSecret()).isEqualTo("s3:cret");
        assertThat(app.returnsTo("http://any.example")).isTrue();
    }

    @Test
    void complainsOfAnAppWithoutRepeatingWhatMayBeASecret() {
        assertThatThrownBy(() -> App.parse("crm:s3cret"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an app is written ID=CLIENT_ID:CLIENT_SECRET");
    }

    @Test
    void readsCompaniesByNameAndByNumber() {
        OAuthOptions options = NONE.withCompany("co=locA, locB").withCompany("many=50");

        assertThat(options.companies().get("co")).containsExactly("locA", "locB");
        assertThat(options.companies().get("many"))
                .hasSize(50)
                .startsWith("many-1", "many-2")
                .endsWith("many-50");
    }

    @Test
    void saysWhatIsWrong() {
        refuses(() -> NONE.withCompany("co"), "'co' is no company: write ID=LOCATION,LOCATION");
        refuses(() -> NONE.withCompany("co="), "'co=' is no company");
        refuses(() -> NONE.withCompany("co=99999"), "at most 10000 locations, not 99999");
        refuses(() -> NONE.withCompany("co=a,b c"), "'b c' is no id of a location");
        refuses(() -> NONE.withCompany("co=a").withCompany("co=b"), "company co is listed twice");
        refuses(() -> NONE.withCompany("co=a").withCompany("else=a"), "location a is listed twice");
        refuses(() -> NONE.withApp(App.parse("a=x-1:s")).withApp(App.parse("b=x-2:s")), "two apps are called x");
        refuses(() -> NONE.withRedirectUri("a", "http://x"), "there is no app a for the redirect URI http://x");
        refuses(() -> NONE.withTokenLife(Duration.ofMillis(999)), "an access token lives 1s at least, not 999ms");
    }

    private static void refuses(ThrowingCallable reading, String complaint) {
        assertThatThrownBy(reading).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(complaint);
    }
}
