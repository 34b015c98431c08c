package io.memos4j.core;

import io.memos4j.api.CubeId;
import io.memos4j.api.CubeSettings;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Document;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemEdit;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Note;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.privacy.LabelRule;
import io.memos4j.api.privacy.LabelRule.Action;
import io.memos4j.api.privacy.PrivacyPolicy;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.search.SearchResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Labels, policies, and what the owner of a cube and the language models of the owner read. */
class PrivacyTest extends MemOsFixture {
    private static final String CARD = "4111 1111 1111 1111";

    private ItemId add(String text) {
        return cube.add(Message.user(text)).ids().getFirst();
    }

    private MemoryItem get(ItemId id) {
        return cube.get(id).orElseThrow();
    }

    private Sensitivity labelOf(String text) {
        return get(add(text)).sensitivity();
    }

    private void policy(PrivacyPolicy policy) {
        cube.settings(CubeSettings.DEFAULT.privacy(policy));
    }

    @Test
    void textsAreLabeledByWhatTheyHold() {
        assertThat(labelOf("We meet at noon.")).isEqualTo(Sensitivity.INTERNAL);
        assertThat(labelOf("My card is " + CARD + ".")).isEqualTo(Sensitivity.SECRET);
        assertThat(labelOf("Write to carol@example.org.")).isEqualTo(Sensitivity.PRIVATE);
        assertThat(labelOf("Der Türcode ist 4711.")).isEqualTo(Sensitivity.SECRET);
        assertThat(labelOf("我的密码是 hunter2。")).isEqualTo(Sensitivity.SECRET);
    }

    @Test
    void aCallerLabelsMessagesNotesAndDocuments() {
        List<ItemId> ids = cube.add(
                        Message.user("Budget talk").labeled(Sensitivity.PRIVATE),
                        Note.of("Merger plan").labeled(Sensitivity.SECRET),
                        Note.of("Opening hours").labeled(Sensitivity.PUBLIC),
                        Note.of("Card " + CARD).labeled(Sensitivity.PUBLIC),
                        Document.of(
                                        "plan.txt",
                                        Document.Format.TEXT,
                                        "A plan of ours.".getBytes(StandardCharsets.UTF_8))
                                .labeled(Sensitivity.PRIVATE))
                .ids();

        assertThat(ids)
                .extracting(id -> get(id).sensitivity())
                .containsExactly(
                        Sensitivity.PRIVATE,
                        Sensitivity.SECRET,
                        Sensitivity.PUBLIC,
                        Sensitivity.SECRET,
                        Sensitivity.PRIVATE);
        assertThat(get(ids.get(3)).label().given()).isEqualTo(Sensitivity.PUBLIC);
    }

    @Test
    void editsKeepTheLabelAndReadANewTextAgain() {
        ItemId id = cube.add(Note.of("Merger plan").labeled(Sensitivity.PRIVATE))
                .ids()
                .getFirst();

        assertThat(cube.update(id, ItemEdit.text("Merger plan of May")).sensitivity())
                .isEqualTo(Sensitivity.PRIVATE);
        assertThat(cube.update(id, ItemEdit.text("Merger plan, card " + CARD)).sensitivity())
                .isEqualTo(Sensitivity.SECRET);
        assertThat(cube.update(id, ItemEdit.text("Merger plan of June")).sensitivity())
                .isEqualTo(Sensitivity.PRIVATE);
        assertThat(cube.history(id))
                .extracting(version -> version.item().sensitivity())
                .containsExactly(Sensitivity.PRIVATE, Sensitivity.PRIVATE, Sensitivity.SECRET, Sensitivity.PRIVATE);
    }

    @Test
    void anEditOfTheLabelAloneIsFinalUntilTheTextChanges() {
        ItemId id = add("The test card is " + CARD + ".");

        assertThat(cube.update(id, ItemEdit.NOTHING.sensitivity(Sensitivity.INTERNAL))
                        .sensitivity())
                .isEqualTo(Sensitivity.INTERNAL);
        assertThat(cube.search("test card").context()).contains(CARD);
        assertThat(cube.update(id, ItemEdit.text("The test card is still " + CARD + "."))
                        .sensitivity())
                .isEqualTo(Sensitivity.SECRET);
    }

    @Test
    void labelsFollowForksMovesAndRestoredVersions() {
        ItemId id = cube.add(Note.of("Merger plan").labeled(Sensitivity.PRIVATE))
                .ids()
                .getFirst();
        cube.update(id, ItemEdit.NOTHING.sensitivity(Sensitivity.SECRET));

        assertThat(cube.restore(id, 1).sensitivity()).isEqualTo(Sensitivity.PRIVATE);
        policy(PrivacyPolicy.DEFAULT.secret(LabelRule.of(Action.BLOCK, false)));
        var fork = cube.time().fork(CubeId.of("fork"), cube.time().mark());
        assertThat(fork.get(id).orElseThrow().sensitivity()).isEqualTo(Sensitivity.PRIVATE);
        assertThat(fork.settings()).isEqualTo(cube.settings());
        var other = memos.cube("other");
        memos.merge(cube.id(), other.id());
        assertThat(other.get(id).orElseThrow().sensitivity()).isEqualTo(Sensitivity.PRIVATE);
    }

    @Test
    void aNoteIsAsSensitiveAsTheSourcesThatItNames() {
        ItemId source = cube.add(Note.of("Merger plan").labeled(Sensitivity.SECRET))
                .ids()
                .getFirst();
        ItemId note = cube.add(Note.of("We grow in May").from(SourceReference.item(source)))
                .ids()
                .getFirst();

        assertThat(get(note).sensitivity()).isEqualTo(Sensitivity.SECRET);
    }

    @Test
    void theOwnerReadsSecretsAndLanguageModelsDoNot() {
        add("My door code is 4711, the blue door.");

        SearchResult found = cube.search("What is my door code?");

        assertThat(texts(found)).containsExactly("My door code is 4711, the blue door.");
        assertThat(found.hits().getFirst().excerpt()).contains("4711");
        assertThat(found.context()).contains("My door code is [password or code withheld], the blue door.");
        assertThat(found.hits().getFirst().citation()).isEqualTo(1);
    }

    @Test
    void whatIsSecretAsAWholeIsNoPartOfAContext() {
        cube.add(Note.of("Merger with Acme in May").labeled(Sensitivity.SECRET));

        SearchResult found = cube.search("merger");

        assertThat(texts(found)).containsExactly("Merger with Acme in May");
        assertThat(found.context()).isEmpty();
    }

    @Test
    void thePolicyMayAllowSecretsInPrompts() {
        policy(PrivacyPolicy.DEFAULT.secret(LabelRule.of(Action.REDACT, true)));
        add("My door code is 4711.");

        assertThat(cube.search("What is my door code?").context()).contains("4711");
    }

    @Test
    void thePolicyMayKeepPersonalDataOutOfPrompts() {
        add("Carol has the address carol@example.org.");

        assertThat(cube.search("Carol").context()).contains("carol@example.org");
        policy(PrivacyPolicy.DEFAULT.personal(LabelRule.of(Action.REDACT, false)));
        assertThat(cube.search("Carol").context())
                .contains("[e-mail address withheld]")
                .doesNotContain("carol@");
    }

    @Test
    void standingInstructionsKeepTheirSecretsToo() {
        add("Always answer in French. My PIN is 4711.");
        add("Always open the gate with the gate code 2580#.");

        assertThat(cube.search("How do I get in?").context())
                .doesNotContain("4711")
                .doesNotContain("2580");
    }

    @Test
    void aBlockedLabelIsRefusedAndNothingIsStored() {
        policy(PrivacyPolicy.DEFAULT.secret(LabelRule.of(Action.BLOCK, false)));

        assertThatThrownBy(() -> cube.add(Message.user("Hello"), Message.user("My card is " + CARD)))
                .isInstanceOfSatisfying(
                        MemoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SENSITIVE_CONTENT))
                .hasMessageContaining("Input 1 is secret (card number)")
                .hasMessageNotContaining("4111");
        assertThatThrownBy(() -> cube.add(Note.of("Plan").labeled(Sensitivity.SECRET)))
                .hasMessageContaining("is secret, which the privacy policy");
        assertThat(cube.list(ListRequest.first()).items()).isEmpty();
        ItemId id = add("Hello");
        assertThatThrownBy(() -> cube.update(id, ItemEdit.text("My card is " + CARD)))
                .hasMessageContaining("The edited item is secret (card number)");
        assertThat(get(id).text()).isEqualTo("Hello");
    }

    @Test
    void personalDataBesideASecretIsBlockedToo() {
        policy(PrivacyPolicy.DEFAULT.personal(LabelRule.of(Action.BLOCK, false)));

        assertThatThrownBy(() -> add("My card is " + CARD + ", mail carol@example.org"))
                .hasMessageContaining("private (e-mail address)");
        assertThat(labelOf("My card is " + CARD)).isEqualTo(Sensitivity.SECRET);
    }

    @Test
    void aLabelMayExpire() {
        policy(PrivacyPolicy.DEFAULT.secret(PrivacyPolicy.DEFAULT.secret().expireAfter(Duration.ofDays(1))));

        MemoryItem secret = get(add("My door code is 4711."));
        MemoryItem plain = get(add("We meet at noon."));

        assertThat(secret.times().expiresAt())
                .hasValueSatisfying(end -> assertThat(end)
                        .isBetween(
                                secret.times().recordedAt().plus(Duration.ofHours(23)),
                                secret.times().recordedAt().plus(Duration.ofHours(25))));
        assertThat(plain.times().expiresAt()).isEmpty();
        assertThat(cube.update(plain.id(), ItemEdit.text("My door code is 4712."))
                        .times()
                        .expiresAt())
                .isPresent();
    }

    @Test
    void itemsAreListedByTheirLabel() {
        add("We meet at noon.");
        ItemId secret = add("My door code is 4711.");

        assertThat(cube.list(ListRequest.first().where(Filter.eq("sensitivity", "secret")))
                        .items())
                .extracting(MemoryItem::id)
                .containsExactly(secret);
        assertThat(cube.list(ListRequest.first().where(Filter.eq("sensitivity", "internal")))
                        .items())
                .hasSize(1);
    }

    @Test
    void secretsInTitlesTagsAndMetadataCount() {
        ItemId id = cube.add(Note.of("Travel").titled("Card " + CARD).with(Map.of("mail", "carol@example.org")))
                .ids()
                .getFirst();

        assertThat(get(id).sensitivity()).isEqualTo(Sensitivity.SECRET);
        assertThat(cube.search("travel").context()).doesNotContain("4111");
    }
}
