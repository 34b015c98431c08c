package io.memos4j.core;

import io.memos4j.api.CubeSettings;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemCube;
import io.memos4j.api.TimeZones;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.search.SearchRequest;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;

/** Relative words are read in the zone of the message, else of the request, else of the cube, else of the engine. */
class TimeZoneTest {
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

    @TempDir
    private Path directory;

    private MemOs memos;
    private MemCube cube;

    private void open(ZoneId zone) {
        memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder().withZone(zone));
        cube = memos.cube("alice");
    }

    @AfterEach
    void close() {
        memos.close();
    }

    private String context(SearchRequest request) {
        return cube.search(request).context();
    }

    private static SearchRequest query() {
        return SearchRequest.of("planted the walnut tree");
    }

    @ParameterizedTest
    @CsvSource({
        // On the day before and on the day after in UTC
        "2024-05-15T23:30:00-08:00, 2024-05-14",
        "2024-05-16T00:30:00+09:00, 2024-05-15",
        "2024-05-15T01:00:00+14:00, 2024-05-14",
        "2024-05-15T23:00:00-14:00, 2024-05-14",
        "2024-05-15T12:00:00Z,      2024-05-14",
        // The turn of the year and a leap day
        "2023-12-31T23:30:00-08:00, 2023-12-30",
        "2024-01-01T00:30:00+09:00, 2023-12-31",
        "2024-03-01T00:30:00+05:30, 2024-02-29",
        "2024-02-29T23:30:00-08:00, 2024-02-28"
    })
    void yesterdayIsTheDayBeforeWhereTheMessageWasSaid(OffsetDateTime time, String yesterday) {
        open(ZoneId.of("UTC"));
        cube.add(Message.user("I planted the walnut tree yesterday.").at(time));
        assertThat(context(query())).contains("yesterday (" + yesterday + ")");
        if (TimeZones.of(time).isPresent()) {
            assertThat(context(query().at(OffsetDateTime.parse("2024-05-20T08:00:00+09:00"))))
                    .contains("yesterday (" + yesterday + ")");
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Clocks go forward on 31 March and back on 27 October 2024.
        "2024-03-31T00:30:00Z, Europe/Berlin, 2024-03-30",
        "2024-03-30T23:30:00Z, Europe/Berlin, 2024-03-30",
        "2024-10-26T22:30:00Z, Europe/Berlin, 2024-10-26",
        "2024-10-27T22:30:00Z, Europe/Berlin, 2024-10-26",
        "2024-10-27T23:30:00Z, Europe/Berlin, 2024-10-27"
    })
    void daylightSavingTimeCounts(OffsetDateTime time, ZoneId zone, String yesterday) {
        open(ZoneId.of("UTC"));
        cube.add(Message.user("I planted the walnut tree yesterday.").at(time).inZone(zone));
        assertThat(context(query())).contains("yesterday (" + yesterday + ")");
    }

    @Test
    void theNearestZoneCounts() {
        open(ZoneId.of("-10:00"));
        OffsetDateTime time = OffsetDateTime.parse("2024-05-15T20:00:00Z");
        cube.add(Note.of("I planted the walnut tree today and slept yesterday.").at(time));
        assertThat(context(query())).contains("yesterday (2024-05-14)");
        cube.settings(CubeSettings.DEFAULT.zone(TOKYO));
        assertThat(cube.settings().zone()).contains(TOKYO);
        assertThat(context(query())).contains("yesterday (2024-05-15)");
        assertThat(context(query().inZone(ZoneId.of("-10:00")))).contains("yesterday (2024-05-14)");
        cube.settings(CubeSettings.DEFAULT);
        assertThat(context(query())).contains("yesterday (2024-05-14)");
    }

    @Test
    void theZoneOfARequestIsThatOfItsMessagesAndStaysAfterARestart() {
        open(ZoneId.of("UTC"));
        OffsetDateTime time = OffsetDateTime.parse("2024-05-15T20:00:00Z");
        cube.add(AddRequest.of(List.of(
                        Message.user("I planted the walnut tree yesterday.").at(time),
                        Message.user("I painted the fence yesterday.").at(time).inZone(ZoneId.of("-08:00"))))
                .inZone(TOKYO));
        memos.close();
        open(ZoneId.of("UTC"));
        assertThat(context(query())).contains("walnut tree yesterday (2024-05-15)");
        assertThat(context(SearchRequest.of("painted the fence"))).contains("fence yesterday (2024-05-14)");
        assertThat(context(query().inZone(ZoneId.of("-10:00")))).contains("walnut tree yesterday (2024-05-15)");
    }

    @Test
    void theQueryIsReadInTheZoneOfTheAsker() {
        open(ZoneId.of("UTC"));
        cube.add(
                Message.user("We had dinner with Jo.").at(OffsetDateTime.parse("2024-05-01T12:00:00+09:00")),
                Message.user("We had dinner with Mia.").at(OffsetDateTime.parse("2024-05-16T20:00:00+09:00")));
        SearchRequest request = SearchRequest.of("dinner yesterday").explained();
        assertThat(cube.search(request.at(OffsetDateTime.parse("2024-05-17T00:30:00+09:00")))
                        .hits()
                        .getFirst()
                        .item()
                        .text())
                .contains("Mia");
        assertThat(cube.search(request.at(OffsetDateTime.parse("2024-05-16T15:30:00Z"))
                                .inZone(TOKYO))
                        .stages()
                        .toString())
                .contains("2024-05-16");
        assertThat(cube.search(request.at(OffsetDateTime.parse("2024-05-16T15:30:00Z")))
                        .stages()
                        .toString())
                .contains("2024-05-15");
    }

    @Test
    void daysInDifferentZonesHaveOneHeadingEach() {
        open(ZoneId.of("UTC"));
        cube.add(
                Message.user("The walnut tree is tall.").at(OffsetDateTime.parse("2024-05-16T05:00:00+09:00")),
                Message.user("The walnut tree is old.").at(OffsetDateTime.parse("2024-05-15T13:00:00-08:00")),
                Message.user("The walnut tree is ours.").at(OffsetDateTime.parse("2024-05-16T07:00:00+09:00")));
        assertThat(context(SearchRequest.of("walnut tree")).lines().filter(line -> line.startsWith("2024")))
                .containsExactly("2024-05-15 Wed", "2024-05-16 Thu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "Mars/Olympus", "+25:00", "Berlin", "CET+1x"})
    void anUnknownZoneIsRefused(String zone) {
        open(ZoneId.of("UTC"));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> TimeZones.parse(zone, "Field 'time_zone'"),
                "Field 'time_zone'",
                "Europe/Berlin",
                "+02:00");
    }
}
