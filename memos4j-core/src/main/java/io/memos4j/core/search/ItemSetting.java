package io.memos4j.core.search;

import io.memos4j.api.items.MemoryItem;
import java.time.ZoneId;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The facts about an item in a context that its cube tells.
 *
 * @param zone the time zone in which it was said
 * @param lead the text to put before it
 * @param own whether the reader owns its cube, so that what its owner says there may instruct
 */
record ItemSetting(Function<MemoryItem, ZoneId> zone, Function<MemoryItem, String> lead, Predicate<MemoryItem> own) {}
