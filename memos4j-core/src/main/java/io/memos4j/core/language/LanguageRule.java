package io.memos4j.core.language;

import java.util.regex.Pattern;

/**
 * A pattern of a language pack and its meaning.
 *
 * @param key the meaning, in words of the {@link RuleSet}
 * @param origin the file and line it stands in, for messages
 */
public record LanguageRule(String key, Pattern pattern, String origin) {}
