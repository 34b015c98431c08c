package io.memos4j.core.access;

import io.memos4j.api.Actor;
import io.memos4j.api.tasks.TaskId;
import io.memos4j.api.tasks.TaskKind;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The stored forms of actors, which vaults on disk hold. */
class StoredActorTest {
    private static final String ID = "01890a5d-ac96-774b-bcce-b302099a8057";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "key:abc",
                "task:",
                "task:decay",
                "task:decay:7",
                "task:unheardof:" + ID,
                "task:merge:" + ID
            })
    void everyTextIsReadAndStoredAsItWas(String text) {
        assertThat(Actor.parse(text).stored()).isEqualTo(text);
    }

    @ParameterizedTest
    @EnumSource(TaskKind.class)
    void aTaskIsFoundByThePrefixOfItsKind(TaskKind kind) {
        Actor actor = new Actor.TaskRun(kind, new TaskId(UUID.fromString(ID)));
        assertThat(actor.stored()).isEqualTo("task:" + kind.id() + ":" + ID).startsWith(Actor.TaskRun.prefix(kind));
        assertThat(Actor.parse(actor.stored())).isEqualTo(actor);
        assertThat(actor.isTask()).isTrue();
    }

    @Test
    void theFormsAreOneOfTheKnown() {
        assertThat(Actor.parse("user")).isEqualTo(Actor.USER);
        assertThat(Actor.parse("")).isEqualTo(Actor.UNKNOWN);
        assertThat(Actor.named("key:abc")).isEqualTo(new Actor.Caller("key:abc"));
        assertThat(Actor.named("user")).isEqualTo(Actor.USER);
    }
}
