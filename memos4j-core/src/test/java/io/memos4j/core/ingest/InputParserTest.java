package io.memos4j.core.ingest;

import io.memos4j.api.CubeId;
import io.memos4j.api.items.AddRequest;
import io.memos4j.api.items.Document;
import io.memos4j.core.MemOsConfig.Limits;
import io.memos4j.core.access.ActorContext;
import io.memos4j.core.clock.IdGenerator;
import io.memos4j.core.clock.MonotonicClock;
import io.memos4j.core.trust.TrustPolicy;
import io.memos4j.spi.items.StoredItem;
import io.memos4j.testkit.SampleItems;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InputParserTest {
    private final InputParser parser = new InputParser(
            Limits.DEFAULT,
            new MonotonicClock(() -> SampleItems.EPOCH, SampleItems.EPOCH),
            IdGenerator.timeOrdered(),
            new TrustPolicy(new ActorContext()));

    @Test
    void aDerivedItemIsStoredRepaired() {
        StoredItem derived = parser.deriveItem(SampleItems.message(1, "broken \uD800 text"), "made");
        assertThat(derived.item().text()).isEqualTo("broken \uFFFD text");
    }

    @Test
    void theCutOfALongTitleSplitsNoCharacter() {
        String name = "n".repeat(500);
        byte[] content = ("# " + "\uD83D\uDE00".repeat(20) + "\n\nText.").getBytes(StandardCharsets.UTF_8);
        Document document = Document.of(name, Document.Format.MARKDOWN, content);
        ParsedBatch batch = parser.parse(CubeId.of("alice"), AddRequest.of(List.of(document)));
        assertThat(batch.drafts().getFirst().item().item().title()).isEqualTo(name + " > " + "\uD83D\uDE00".repeat(4));
    }
}
