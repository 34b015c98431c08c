package io.memos4j.core.extraction;

import java.util.Set;
import java.util.regex.Pattern;

/** Words that say nothing about a claim, and the simple endings of English words. */
final class StopWords {
    private static final Set<String> ENGLISH = Set.of((
            // Articles, pronouns, prepositions, conjunctions.
            "the a an this that these those there here and or but nor for with without from into onto upon over under about"
                    + " above below between among through during before after until till since while because although"
                    + " though unless than then also too very much many more most some any all each every both either"
                    + " neither other another such same own only just even still yet already again however therefore"
                    + " whether which who whom whose what when where why how not yes our your their his her its mine"
                    + " yours theirs hers ours you she him they them we us me it he i my myself yourself himself herself"
                    + " itself themselves ourselves of in on at to by as if so up out off down no one"
                    // Auxiliary verbs.
                    + " is are was were be been being am has have had having do does did doing done will would shall should"
                    + " can could may might must ought isn't aren't wasn't weren't don't doesn't didn't won't can't it's i'm"
                    // Words of the report itself, and predicates that a report rephrases.
                    + " user users assistant assistants tool says said say states stated state mention mentions mentioned"
                    + " tell tells told ask asks asked recommend recommends recommended suggest suggests suggested"
                    + " prefer prefers preferred like likes liked want wants wanted plan plans planned planning intend"
                    + " intends get gets got use uses used make makes made named called currently")
            .split(" "));

    /** Where Chinese text is cut: particles, pronouns, and the words of the report itself. */
    static final Pattern CHINESE =
            Pattern.compile("用户|助手|他们|她们|我们|你们|自己|表示|提到|的|了|着|过|在|是|和|与|及|或|也|都|就|我|你|您|他|她|它|吗|呢|吧|啊|并|且|把|被|将|会|很");

    private static final String[] ENDINGS = {"'s", "’s", "s'", "s’"};

    private StopWords() {}

    static boolean is(String word) {
        return ENGLISH.contains(word);
    }

    /** The word without a possessive ending. */
    static String bare(String word) {
        for (String ending : ENDINGS) {
            if (word.length() > ending.length() + 1 && word.endsWith(ending)) {
                return word.substring(0, word.length() - 2 + (ending.charAt(0) == 's' ? 1 : 0));
            }
        }
        return word;
    }

    /** The word without its ending: visits, visited, visiting are one; so are city and cities. */
    static String stem(String word) {
        String stem = word;
        if (stem.endsWith("ies") && stem.length() > 4) {
            stem = stem.substring(0, stem.length() - 3) + "y";
        } else if (ends(stem, "ing", 6) || ends(stem, "ers", 6)) {
            stem = undoubled(stem.substring(0, stem.length() - 3));
        } else if (ends(stem, "ed", 5) || ends(stem, "es", 5) || ends(stem, "er", 5) || ends(stem, "ly", 5)) {
            stem = undoubled(stem.substring(0, stem.length() - 2));
        } else if (stem.endsWith("s") && !stem.endsWith("ss") && stem.length() > 3) {
            stem = stem.substring(0, stem.length() - 1);
        }
        return stem.endsWith("e") && stem.length() > 3 ? stem.substring(0, stem.length() - 1) : stem;
    }

    private static boolean ends(String word, String ending, int length) {
        return word.length() >= length && word.endsWith(ending);
    }

    private static String undoubled(String stem) {
        int last = stem.length() - 1;
        return last > 2 && stem.charAt(last) == stem.charAt(last - 1) && "lsz".indexOf(stem.charAt(last)) < 0
                ? stem.substring(0, last)
                : stem;
    }
}
