package io.memos4j.core.access;

import io.memos4j.api.ErrorCode;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** In whose name a thread writes. */
class ActorContextTest {
    private final ActorContext actor = new ActorContext();

    @Test
    void nestedWorkRestoresWhoWasBoundEvenWhenItFails() {
        assertThat(actor.current()).isEqualTo("user");
        String seen = actor.runAs("a", () -> {
            String inner = actor.runAs("b", actor::current);
            assertThatThrownBy(() -> actor.runAs("c", () -> {
                        throw new IllegalStateException("failed");
                    }))
                    .hasMessage("failed");
            return inner + actor.current();
        });
        assertThat(seen).isEqualTo("ba");
        assertThat(actor.current()).isEqualTo("user");
    }

    @Test
    void otherThreadsAreNotTouched() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            assertThat(actor.runAs("a", () -> other.submit(actor::current)).get())
                    .isEqualTo("user");
        }
    }

    @Test
    void aNameThatWouldMisleadIsRefused() {
        for (String name : new String[] {"", " ", "task:merge:1", "a\nb", "x".repeat(201)}) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> actor.runAs(name, actor::current));
        }
    }
}
