package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.api.ErrorCode;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

import static io.memos4j.testkit.FailureAssertions.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The actor bound to a thread. */
class ActorContextTest {
    private final ActorContext actor = new ActorContext();

    @Test
    void nestedWorkRestoresWhoWasBoundEvenWhenItFails() {
        assertThat(actor.current()).isEqualTo(Actor.USER);
        String seen = actor.as("a", () -> {
            String inner = actor.as("b", actor::current).stored();
            assertThatThrownBy(() -> actor.as("c", () -> {
                        throw new IllegalStateException("failed");
                    }))
                    .hasMessage("failed");
            return inner + actor.current().stored();
        });
        assertThat(seen).isEqualTo("ba");
        assertThat(actor.current()).isEqualTo(Actor.USER);
    }

    @Test
    void otherThreadsAreNotTouched() throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            assertThat(actor.as("a", () -> other.submit(actor::current)).get()).isEqualTo(Actor.USER);
        }
    }

    @Test
    void aNameThatWouldMisleadIsRefused() {
        for (String name : new String[] {"", " ", "task:merge:1", "a\nb", "x".repeat(201)}) {
            refused(ErrorCode.INVALID_ARGUMENT, () -> actor.as(name, actor::current));
        }
    }
}
