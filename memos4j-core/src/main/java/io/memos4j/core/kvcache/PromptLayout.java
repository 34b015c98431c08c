package io.memos4j.core.kvcache;

import io.memos4j.core.prompt.SystemPreamble;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of a prompt in order of stability: the caller's instructions, the shared prefix, the history, and last,
 * with the question, the recalled memories, so that recall never invalidates what can be cached.
 *
 * @param cubes keys of the cubes whose memory is used, in order
 * @param session names the conversation; may be empty
 * @param instructions of the caller; may be empty
 * @param history the turns before the question
 * @param memories the recalled memories, rendered; may be empty
 * @param adapters the adapters that answer
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

    /** Returns the system turn with the first {@code parts} segments of the prefix. */
    ChatTurn system(int parts) {
        StringBuilder text = new StringBuilder(SystemPreamble.TEXT);
        if (!instructions.isBlank()) {
            text.append("\n\n").append(instructions.strip());
        }
        prefix.segments().subList(0, parts).forEach(part -> text.append("\n\n").append(part.text()));
        return ChatTurn.system(text.toString());
    }

    /** Returns the system turn and the history. */
    List<ChatTurn> historyTurns() {
        List<ChatTurn> turns = new ArrayList<>();
        turns.add(system(prefix.segments().size()));
        turns.addAll(history);
        return turns;
    }

    /** Returns all turns. */
    List<ChatTurn> turns() {
        List<ChatTurn> turns = historyTurns();
        turns.add(ChatTurn.user(memories.isBlank() ? question : memories + "\n\n" + question));
        return turns;
    }

    /** Returns the conversation after the answer, without the recalled memories. */
    PromptLayout withAnswer(String answer) {
        List<ChatTurn> said = new ArrayList<>(history);
        said.add(ChatTurn.user(question));
        said.add(ChatTurn.assistant(answer));
        return with(said, "");
    }

    /** Returns a copy without the first {@code turn} turns of the history. */
    PromptLayout withoutFirst(int turn) {
        return with(history.subList(turn, history.size()), memories);
    }

    PromptLayout withoutMemories() {
        return with(history, "");
    }

    private PromptLayout with(List<ChatTurn> newHistory, String newMemories) {
        return new PromptLayout(cubes, session, instructions, prefix, newHistory, newMemories, question, adapters);
    }
}
