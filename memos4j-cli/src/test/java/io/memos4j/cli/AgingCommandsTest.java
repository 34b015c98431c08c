package io.memos4j.cli;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Policies, times to live, states and working memory on the command line. */
class AgingCommandsTest extends CommandLineFixture {
    @Test
    void aPolicyIsShownAndChangedPieceByPiece() {
        assertThat(run("add", "tea").status()).isZero();
        assertThat(run("policy").out()).contains("30d", "never", "unlimited", "unlimited");
        assertThat(run("policy", "--half-life", "7d", "--capacity", "1000").out())
                .contains("7d", "1000 items", "unlimited");
        assertThat(run("policy", "--ttl", "90d", "--archive-below", "0.1").out())
                .contains("7d", "heat 0.1", "90d");
        JsonNode shown = json("policy", "--json");
        assertThat(shown.path("half_life").asString()).isEqualTo("PT168H");
        assertThat(shown.path("capacity").asLong()).isEqualTo(1_000);
        assertThat(run("policy", "--ttl", "none", "--capacity", "none").out()).contains("unlimited", "unlimited");
    }

    @Test
    void theTimeZoneOfACubeIsShownAndChanged() {
        assertThat(run("add", "I slept yesterday.", "--time", "2024-05-15T23:30:00-08:00")
                        .status())
                .isZero();
        assertThat(run("search", "slept", "--context").out()).contains("yesterday (2024-05-14)");
        assertThat(run("settings").out()).contains("none");
        assertThat(run("settings", "--zone", "Asia/Tokyo").out()).contains("Asia/Tokyo");
        assertThat(json("settings", "--json").path("time_zone").asString()).isEqualTo("Asia/Tokyo");
        assertThat(run("settings", "--zone", "Mars").err()).contains("--zone", "Europe/Berlin");
        assertThat(run("settings", "--zone", "none").out()).contains("none");
        assertThat(run("search", "slept", "--time-zone", "Mars").err()).contains("--time-zone", "Europe/Berlin");
    }

    @Test
    void aWrongPolicyIsRefusedWithAdvice() {
        assertThat(run("add", "tea").status()).isZero();
        assertThat(run("policy", "--half-life", "soon"))
                .satisfies(outcome -> assertThat(outcome.status()).isEqualTo(2))
                .satisfies(outcome -> assertThat(outcome.err()).contains("30d"));
        assertThat(run("policy", "--capacity", "many").err()).contains("none");
        assertThat(run("policy", "--archive-below", "2").status()).isEqualTo(2);
    }

    @Test
    void whatExpiresSaysWhenAndIsNotFoundAfterwards() {
        String lasting = run("add", "door code 4711", "--expires", "30d").out().strip();
        assertThat(json("show", "--json", lasting).path("expires").asString()).isNotEmpty();
        assertThat(run("search", "door").out()).contains("4711").contains("expires");
        assertThat(run("add", "gate code 1234", "--expires", "2020-01-01").status())
                .isZero();
        assertThat(run("search", "gate").out()).doesNotContain("1234");
    }

    @Test
    void anItemIsFrozenThawedAndArchived() {
        String id = run("add", "tea in winter").out().strip();
        assertThat(run("state", id, "frozen").out()).contains("frozen");
        assertThat(run("state", id, "archived").err()).contains("activated");
        assertThat(run("state", id, "activated").out()).contains("activated");
        assertThat(json("state", "--json", id, "archived").path("state").asString())
                .isEqualTo("archived");
        assertThat(run("search", "tea").out()).contains("Nothing found");
    }

    @Test
    void aSessionHasAtHandWhatWasSaidAndFoundInIt() {
        assertThat(run("add", "tea in winter").status()).isZero();
        assertThat(run("add", "--speaker", "Alice", "--session", "s", "what shall we drink")
                        .status())
                .isZero();
        assertThat(run("search", "tea", "--in", "s").out()).contains("tea in winter");
        assertThat(run("working", "--session", "s").out())
                .contains("said", "found", "tea in winter", "what shall we drink");
        assertThat(run("working", "--session", "s", "--json").out().lines())
                .hasSize(2)
                .allSatisfy(
                        line -> assertThat(MAPPER.readTree(line).path("heat").asDouble())
                                .isPositive());
        assertThat(run("working", "--session", "other").out()).contains("is empty");
    }
}
