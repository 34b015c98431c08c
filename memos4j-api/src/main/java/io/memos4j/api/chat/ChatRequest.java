package io.memos4j.api.chat;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import java.util.List;

/**
 * A conversation to be continued with the help of a cube's memory.
 *
 * @param messages so far, oldest first; the last one is the user's and is answered. At most {@value #MAX_MESSAGES}
 * @param session the conversation, whose working memory keeps what is found and under which messages are remembered;
 *     none if empty
 * @param memoryTokens the budget of what is recalled for this question; 0 recalls nothing
 * @param maxTokens the longest answer, in tokens of the model
 * @param sampling the sampling options of the model
 * @param reuse whether what was computed before may be used again; only measurements turn it off
 * @param adapters whether adapters may answer; only comparisons turn it off
 * @param remember whether question and answer are added to the cube
 */
public record ChatRequest(
        List<Message> messages,
        String session,
        int memoryTokens,
        int maxTokens,
        Sampling sampling,
        boolean reuse,
        boolean adapters,
        boolean remember) {
    public static final int MAX_MESSAGES = 10_000;

    /**
     * Sampling options of a model.
     *
     * @param temperature 0 to 2; 0 takes the most probable word every time
     * @param seed the same seed and prompt give the same answer on the same machine, where the model can do that
     */
    public record Sampling(float temperature, int seed) {
        public static final Sampling GREEDY = new Sampling(0, 0);

        public Sampling {
            if (!(temperature >= 0 && temperature <= 2)) {
                throw MemoryException.invalid("temperature must be 0 to 2 (was " + temperature + ").");
            }
        }
    }

    public ChatRequest {
        messages = List.copyOf(messages);
        if (messages.isEmpty() || messages.getLast().role() != Role.USER) {
            throw MemoryException.invalid("The last message must be the user's; it is the one that is answered.");
        }
        if (messages.getLast().text().isBlank()) {
            throw MemoryException.invalid("The last message is empty. Ask something.");
        }
        if (messages.size() > MAX_MESSAGES) {
            throw new MemoryException(
                    ErrorCode.TOO_LARGE,
                    "The conversation has " + messages.size() + " messages, at most " + MAX_MESSAGES
                            + " are taken. Leave the oldest out.");
        }
        if (messages.stream().anyMatch(message -> message.role() == Role.NONE)) {
            throw MemoryException.invalid("A message of a conversation has a role: user, assistant, system or tool.");
        }
        if (memoryTokens < 0) {
            throw MemoryException.invalid("memoryTokens must not be negative (was " + memoryTokens + ").");
        }
        if (maxTokens < 1) {
            throw MemoryException.invalid("maxTokens must be at least 1 (was " + maxTokens + ").");
        }
    }

    /**
     * A conversation, 512 tokens of memory, an answer of up to 512 tokens, always the most probable; it is remembered.
     */
    public static ChatRequest of(List<Message> messages) {
        return new ChatRequest(messages, "", 512, 512, Sampling.GREEDY, true, true, true);
    }

    /** One question. */
    public static ChatRequest of(String question) {
        return of(List.of(Message.user(question)));
    }

    public ChatRequest in(String newSession) {
        return new ChatRequest(messages, newSession, memoryTokens, maxTokens, sampling, reuse, adapters, remember);
    }

    public ChatRequest memoryTokens(int newMemoryTokens) {
        return new ChatRequest(messages, session, newMemoryTokens, maxTokens, sampling, reuse, adapters, remember);
    }

    public ChatRequest maxTokens(int newMaxTokens) {
        return new ChatRequest(messages, session, memoryTokens, newMaxTokens, sampling, reuse, adapters, remember);
    }

    public ChatRequest sampling(Sampling newChoice) {
        return new ChatRequest(messages, session, memoryTokens, maxTokens, newChoice, reuse, adapters, remember);
    }

    public ChatRequest reuse(boolean newReuse) {
        return new ChatRequest(messages, session, memoryTokens, maxTokens, sampling, newReuse, adapters, remember);
    }

    public ChatRequest adapters(boolean newAdapters) {
        return new ChatRequest(messages, session, memoryTokens, maxTokens, sampling, reuse, newAdapters, remember);
    }

    public ChatRequest remember(boolean newRemember) {
        return new ChatRequest(messages, session, memoryTokens, maxTokens, sampling, reuse, adapters, newRemember);
    }
}
