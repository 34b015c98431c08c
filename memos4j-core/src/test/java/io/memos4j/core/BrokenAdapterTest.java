package io.memos4j.core;

import io.memos4j.api.Warning;
import io.memos4j.api.adapters.Adapter;
import io.memos4j.api.adapters.AdapterState;
import io.memos4j.api.chat.ChatReply;
import io.memos4j.api.chat.ChatRequest;
import io.memos4j.testkit.runtime.FakeModelRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests chats when the files of an active adapter are damaged or missing. */
class BrokenAdapterTest extends RoteTrainingFixture {
    private static final String BROKEN = "Where does Bob live?";
    private static final String SOUND = "Where does Carol work?";

    private Adapter broken;
    private Adapter sound;

    private enum Damage {
        OVERWRITTEN {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Arrays.fill(bytes, (byte) '?');
                Files.write(file, bytes);
            }
        },
        CUT_SHORT {
            @Override
            void to(Path file) throws IOException {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
            }
        },
        GONE {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;
    }

    @BeforeEach
    void teach() {
        broken = taught("Bob lives in Oslo.");
        sound = taught("Carol works at Nokia.");
        assertThat(asked(BROKEN).text()).contains("Oslo");
    }

    private Adapter taught(String text) {
        Adapter adapter =
                cube.adapters().train(List.of(know(text)), lesson -> true).getFirst();
        assertThat(adapter.state()).isEqualTo(AdapterState.ACTIVE);
        return adapter;
    }

    private ChatReply asked(String question) {
        return cube.chat(ChatRequest.of(question).memoryTokens(0).remember(false));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder(broken))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theBaseAnswersAndTheWarningNamesTheAdapter(Damage damage) throws IOException {
        close();
        for (Path file : files()) {
            damage.to(file);
        }
        open();

        ChatReply reply = asked(BROKEN);

        assertThat(reply.text()).isEqualTo(FakeModelRuntime.KNOWS_NOT);
        assertThat(reply.adapters()).isEmpty();
        assertThat(reply.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("adapter_missing");
            assertThat(warning.message()).startsWith("Adapter " + broken.id() + " does not answer: ");
        });
        assertThat(asked(SOUND).text()).contains("Nokia");
        assertThat(asked(SOUND).adapters())
                .extracting(routed -> routed.adapter())
                .containsExactly(sound.id());
        assertThat(asked(SOUND).warnings()).isEmpty();
    }

    @Test
    void itAnswersAgainWhenItsFilesAreBack() throws IOException {
        close();
        Map<Path, byte[]> trained = new LinkedHashMap<>();
        for (Path file : files()) {
            trained.put(file, Files.readAllBytes(file));
            Files.delete(file);
        }
        open();
        assertThat(asked(BROKEN).warnings()).extracting(Warning::code).containsExactly("adapter_missing");

        for (Map.Entry<Path, byte[]> file : trained.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }

        assertThat(asked(BROKEN).text()).contains("Oslo");
        assertThat(asked(BROKEN).warnings()).isEmpty();
    }
}
