package io.memos4j.core.activation;

import io.memos4j.core.prompt.Opening;
import io.memos4j.spi.ChatTurn;
import io.memos4j.spi.CubeKey;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation on its way to a model, most stable first: what the caller told the model, the beginning, what was said, and last, together
 * with the question, what was recalled for it. So what was recalled never stands in the way of what can be used again.
 *
 * @param cubes keys of the cubes whose memory is used, in order
 * @param session names the conversation; none if empty
 * @param instructions of the caller; may be empty
 * @param history what was said before the question
 * @param memories what was recalled, rendered; empty for nothing
 * @param applied the adapters that answer
 */
record Talk(
        List<CubeKey> cubes,
        String session,
        String instructions,
        Beginning beginning,
        List<ChatTurn> history,
        String memories,
        String question,
        Applied applied) {
    Talk {
        cubes = List.copyOf(cubes);
        history = List.copyOf(history);
    }

    /** The system's turn with the first so many parts of the beginning. */
    ChatTurn system(int parts) {
        StringBuilder text = new StringBuilder(Opening.TEXT);
        if (!instructions.isBlank()) {
            text.append("\n\n").append(instructions.strip());
        }
        beginning.parts().subList(0, parts).forEach(part -> text.append("\n\n").append(part.text()));
        return ChatTurn.system(text.toString());
    }

    /** The system's turn and what was said. */
    List<ChatTurn> past() {
        List<ChatTurn> turns = new ArrayList<>();
        turns.add(system(beginning.parts().size()));
        turns.addAll(history);
        return turns;
    }

    /** All of it. */
    List<ChatTurn> turns() {
        List<ChatTurn> turns = past();
        turns.add(ChatTurn.user(memories.isBlank() ? question : memories + "\n\n" + question));
        return turns;
    }

    /** The conversation when it was answered, without what was recalled. */
    Talk answered(String answer) {
        List<ChatTurn> said = new ArrayList<>(history);
        said.add(ChatTurn.user(question));
        said.add(ChatTurn.assistant(answer));
        return new Talk(cubes, session, instructions, beginning, said, "", question, applied);
    }

    /** Without the first turns. */
    Talk since(int turn) {
        return new Talk(
                cubes,
                session,
                instructions,
                beginning,
                history.subList(turn, history.size()),
                memories,
                question,
                applied);
    }

    Talk withoutMemories() {
        return new Talk(cubes, session, instructions, beginning, history, "", question, applied);
    }
}
