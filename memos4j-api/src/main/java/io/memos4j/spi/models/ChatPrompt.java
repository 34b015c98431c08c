package io.memos4j.spi.models;

import io.memos4j.api.MemoryException;
import io.memos4j.spi.ChatTurn;
import java.time.Duration;
import java.util.List;

/**
 * A conversation to be answered.
 *
 * @param turns at least one, the most stable first: what changes from call to call stands at the end
 * @param stable how many leading turns will come again unchanged; 0 to all of them
 * @param cacheKey calls with the same key start with the same turns; must not identify anybody; empty for none
 * @param maxTokens the longest answer, in tokens of the model
 * @param temperature 0 to 2; 0 for the most probable answer
 * @param timeout the time for the whole call
 */
public record ChatPrompt(
        List<ChatTurn> turns, int stable, String cacheKey, int maxTokens, float temperature, Duration timeout) {
    public ChatPrompt {
        turns = List.copyOf(turns);
        if (turns.isEmpty()) {
            throw MemoryException.invalid("There is no turn to answer.");
        }
        if (stable < 0 || stable > turns.size()) {
            throw MemoryException.invalid("stable must be 0 to " + turns.size() + " (was " + stable + ").");
        }
        if (maxTokens < 1) {
            throw MemoryException.invalid("maxTokens must be at least 1 (was " + maxTokens + ").");
        }
        if (!(temperature >= 0 && temperature <= 2)) {
            throw MemoryException.invalid("temperature must be 0 to 2 (was " + temperature + ").");
        }
        if (!timeout.isPositive()) {
            throw MemoryException.invalid("The timeout must be positive (was " + timeout + ").");
        }
    }
}
