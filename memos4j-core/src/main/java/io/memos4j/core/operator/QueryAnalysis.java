package io.memos4j.core.operator;

import java.util.regex.Pattern;

/**
 * What the wording of a query tells about what it looks for, cheaply and without a model.
 *
 * @param firstPerson whether the asker asks about themselves, so that what users said counts for more than what they were told
 */
record QueryAnalysis(boolean firstPerson) {
    private static final Pattern FIRST_PERSON = Pattern.compile(
            "\\b(I|me|my|mine|myself)\\b|\\bI['’](m|ve|d|ll)\\b|我|俺|咱", Pattern.UNICODE_CHARACTER_CLASS);

    static QueryAnalysis of(String query) {
        return new QueryAnalysis(FIRST_PERSON.matcher(query).find());
    }
}
