package io.memos4j.core;

import io.memos4j.api.MemCube;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Statements about different attributes and people never hide each other, in whatever order they come. */
class StatementOrderTest {
    private static final Instant MONDAY = Instant.parse("2025-03-03T10:00:00Z");

    private static final List<String> STATEMENTS = List.of(
            "I work in Villeurbanne.",
            "I work at Airbus.",
            "My name is Nadia.",
            "My manager is Dana Cole.",
            "My manager is out sick today.",
            "My dog is a Labrador.",
            "My dog is 3 years old.",
            "My dog is called Bruno.",
            "My brother lives in Turin.",
            "My brother works at Fiat.",
            "My allergy is penicillin.",
            "My allergy is latex.",
            "I'm allergic to nuts.",
            "I speak Italian.",
            "I speak French.",
            "My favorite color is green.",
            "My favorite dish is risotto.",
            "My phone number is 555-1111.",
            "My work phone number is 555-2222.",
            "I prefer tea.",
            "I love jazz.",
            "I hate mushrooms.",
            "Always answer in short sentences.",
            "Call me Nadi.",
            "The API rate limit is 500 requests a minute.",
            "The upload limit is 20 MB.",
            "The deadline of the report is 3 April.",
            "The deadline of the slides is 20 April.");

    /** One of these is said, since somebody lives in one place. */
    private static final List<String> RESIDENCES =
            List.of("I live in Lyon.", "我住在成都。", "Ich wohne in Graz.", "J'habite à Nantes.", "Vivo en Sevilla.");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
    void noneHidesAnother(long seed, @TempDir Path directory) {
        Random random = new Random(seed);
        List<String> said = new ArrayList<>(STATEMENTS);
        said.add(RESIDENCES.get(random.nextInt(RESIDENCES.size())));
        Collections.shuffle(said, random);
        try (MemOs memos = MemOs.open(MemOsConfig.at(directory).withoutEmbedder())) {
            MemCube cube = memos.cube("alice");
            for (int i = 0; i < said.size(); i++) {
                cube.add(Message.user(said.get(i)).at(MONDAY.plus(Duration.ofHours(7L * i))));
            }
            assertThat(cube.awaitIdle(Duration.ofMinutes(1))).isTrue();
            assertThat(cube.list(ListRequest.first().limit(200)).items())
                    .filteredOn(item -> said.contains(item.text()))
                    .hasSize(said.size())
                    .extracting(MemoryItem::state)
                    .containsOnly(ItemState.ACTIVATED);
        }
    }
}
