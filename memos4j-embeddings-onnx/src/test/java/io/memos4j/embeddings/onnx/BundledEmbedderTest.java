package io.memos4j.embeddings.onnx;

import io.memos4j.api.ErrorCode;
import io.memos4j.spi.models.Embedder;
import io.memos4j.spi.models.Embedder.Purpose;
import io.memos4j.testkit.models.EmbedderContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class BundledEmbedderTest extends EmbedderContract {
    @TempDir
    private Path directory;

    @Override
    protected Embedder open() {
        return new BundledEmbedderProvider().open();
    }

    @Test
    void whatTheProviderSaysIsWhatTheEmbedderIs() {
        BundledEmbedderProvider provider = new BundledEmbedderProvider();
        try (Embedder embedder = provider.open()) {
            assertThat(embedder.id()).isEqualTo(provider.embedderId());
            assertThat(embedder.dimension()).isEqualTo(provider.dimension());
        }
    }

    @Test
    void aParaphraseIsNearerThanAnotherTopic() {
        try (Embedder embedder = open()) {
            float[] query = embedder.embed("Where does Alice live?", Purpose.QUERY);
            float[] answer = embedder.embed("Alice moved to a flat in Lyon last year.", Purpose.DOCUMENT);
            float[] other = embedder.embed("The recipe needs two eggs and flour.", Purpose.DOCUMENT);
            assertThat(dot(query, answer)).isGreaterThan(dot(query, other) + 0.1);
        }
    }

    @Test
    void aChineseParaphraseIsNearerThanAnotherTopic() {
        try (Embedder embedder = open()) {
            float[] query = embedder.embed("爱丽丝住在哪里？", Purpose.QUERY);
            float[] answer = embedder.embed("爱丽丝去年搬到了里昂的一套公寓。", Purpose.DOCUMENT);
            float[] other = embedder.embed("这道菜需要两个鸡蛋和面粉。", Purpose.DOCUMENT);
            assertThat(answer).hasSize(384);
            assertThat(dot(answer, answer)).isCloseTo(1, within(1e-3));
            assertThat(dot(query, answer)).isGreaterThan(dot(query, other) + 0.1);
        }
    }

    @Test
    void memoriesInAnotherLanguageDoNotDisturbARanking() {
        try (Embedder embedder = open()) {
            float[] english = embedder.embed("Where does Alice live?", Purpose.QUERY);
            float[] chinese = embedder.embed("爱丽丝住在哪里？", Purpose.QUERY);
            float[] englishOff = embedder.embed("The recipe needs two eggs and flour.", Purpose.DOCUMENT);
            float[] chineseOff = embedder.embed("这道菜需要两个鸡蛋和面粉。", Purpose.DOCUMENT);
            assertThat(dot(english, chineseOff)).isLessThan(dot(english, englishOff));
            assertThat(dot(chinese, englishOff)).isLessThan(dot(chinese, chineseOff));
        }
    }

    @Test
    void englishAndChineseAreCoveredAndOtherScriptsAreNot() {
        BundledEmbedderProvider provider = new BundledEmbedderProvider();
        assertThat(provider.covers("Plain English, numbers 42 and 😀")).isTrue();
        assertThat(provider.covers("123 456")).isTrue();
        assertThat(provider.covers("Crème brûlée")).isTrue();
        assertThat(provider.covers("我昨天去了长城")).isTrue();
        assertThat(provider.covers("我喜欢用 Spring 写程序和网站")).isTrue();
        assertThat(provider.covers("The Chinese word for cat is 猫, pronounced mao"))
                .isTrue();
        assertThat(provider.covers("Москва зимой прекрасна")).isFalse();
        assertThat(provider.covers("私は昨日万里の長城に行きました")).isFalse();
        assertThat(provider.covers("나는 어제 만리장성에 갔다")).isFalse();
    }

    @Test
    void aModelOfTheUsersOwnIsIdentifiedByItsContentAndOptions() throws IOException {
        Path model = copy("bge-small-en-v1.5-q.onnx");
        Path tokenizer = copy("bge-small-en-v1.5-q-tokenizer.json");
        OnnxModel cls = OnnxModel.of(model, tokenizer).pooled(OnnxModel.Pooling.CLS);
        try (Embedder bundled = open();
                Embedder own = OnnxEmbedder.open(cls);
                Embedder mean = OnnxEmbedder.open(OnnxModel.of(model, tokenizer))) {
            String text = "The same text in both.";
            assertThat(own.embed(text, Purpose.DOCUMENT)).containsExactly(bundled.embed(text, Purpose.DOCUMENT));
            assertThat(own.id()).isNotEqualTo(mean.id());
            assertThat(own.covers("长城")).isTrue();
            assertThat(mean.embed(text, Purpose.QUERY)).hasSize(384);
        }
    }

    @Test
    void aFileThatIsNoModelIsRefusedByName() throws IOException {
        Path nonsense = Files.writeString(directory.resolve("nonsense.onnx"), "not a model");
        Path tokenizer = copy("bge-small-en-v1.5-q-tokenizer.json");
        refused(
                ErrorCode.INVALID_CONFIGURATION,
                () -> OnnxEmbedder.open(OnnxModel.of(nonsense, tokenizer)),
                "nonsense.onnx");
        assertThatThrownBy(() -> OnnxEmbedder.open(OnnxModel.of(directory.resolve("missing.onnx"), tokenizer)))
                .hasMessageContaining("missing.onnx");
        assertThatThrownBy(() -> OnnxEmbedder.open(OnnxModel.of(copy("bge-small-en-v1.5-q.onnx"), nonsense)))
                .hasMessageContaining("tokenizer");
    }

    private Path copy(String resource) throws IOException {
        Path file = directory.resolve(resource);
        try (InputStream stream = Objects.requireNonNull(getClass().getResourceAsStream("/" + resource))) {
            if (!Files.exists(file)) {
                Files.copy(stream, file);
            }
        }
        return file;
    }
}
