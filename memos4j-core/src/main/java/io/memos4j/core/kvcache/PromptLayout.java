package io.memos4j.core.kvcache;

import io.memos4j.core.prompt.SystemPreamble;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation on its way to a model, most stable first: what the caller told the model, the beginning, what was
 * said, and last, together with the question, what was recalled for it. So what was recalled never stands in the way of
 * what can be used again.
 *
 * @param cubes keys of the cubes whose memory is used, in order
 * @param session names the conversation; none if empty
 * @param instructions of the caller; may be empty
 * @param history what was said before the question
 * @param memories what was recalled, rendered; empty for nothing
 * @param applied the adapters that answer
 */
record PromptLayout(
        List<CubeKey> cubes,
        String session,
        String instructions,
        PromptPrefix prefix,
        List<ChatTurn> history,
        String memories,
        String question,
        AdapterSelection adapters) {
    PromptLayout {
        cubes = List.copyOf(cubes);
        history = List.copyOf(history);
    }

    /** The system's turn with the first so many parts of the beginning. */
    ChatTurn system(int parts) {
        StringBuilder text = new StringBuilder(SystemPreamble.TEXT);
        if (!instructions.isBlank()) {
            text.append("\n\n").append(instructions.strip());
        }
        prefix.segments().subList(0, parts).forEach(part -> text.append("\n\n").append(part.text()));
        return ChatTurn.system(text.toString());
    }

    /** The system's turn and what was said. */
    List<ChatTurn> historyTurns() {
        List<ChatTurn> turns = new ArrayList<>();
        turns.add(system(prefix.segments().size()));
        turns.addAll(history);
        return turns;
    }

    /** All of it. */
    List<ChatTurn> turns() {
        List<ChatTurn> turns = historyTurns();
        turns.add(ChatTurn.user(memories.isBlank() ? question : memories + "\n\n" + question));
        return turns;
    }

    /** The conversation when it was answered, without what was recalled. */
    PromptLayout withAnswer(String answer) {
        List<ChatTurn> said = new ArrayList<>(history);
        said.add(ChatTurn.user(question));
        said.add(ChatTurn.assistant(answer));
        return new PromptLayout(cubes, session, instructions, prefix, said, "", question, adapters);
    }

    /** Without the first turns. */
    PromptLayout withoutFirst(int turn) {
        return new PromptLayout(
                cubes,
                session,
                instructions,
                prefix,
                history.subList(turn, history.size()),
                memories,
                question,
                adapters);
    }

    PromptLayout withoutMemories() {
        return new PromptLayout(cubes, session, instructions, prefix, history, "", question, adapters);
    }
}
