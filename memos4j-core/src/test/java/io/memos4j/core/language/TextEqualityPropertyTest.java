package io.memos4j.core.language;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

class TextEqualityPropertyTest {
    private static final List<String> WORDS = List.of(
            "the", "Lyon", "x", "C", "API", "userId", "4711", "v1.2", "SR-045", "room", "我", "不", "don't", "5", "A");

    private static final List<String> CARRIERS = List.of(
            "0", "1", "7", "9", "²", "½", "+", "-", "#", "*", "/", "\\", "%", "‰", "$", "€", "£", "<", ">", "=", "≤",
            "≥", "≠", "±", "~", "^", "|", "&", "@", "_", "°", "👍", "👎", "♀", "♂", "✅", "❌", "→", "←", "∞", "√", "µ",
            "不", "没");

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(WORDS).list().ofMinSize(1).ofMaxSize(8).map(words -> String.join(" ", words));
    }

    @Provide
    Arbitrary<List<String>> carriers() {
        return Combinators.combine(Arbitraries.of(CARRIERS), Arbitraries.of(CARRIERS))
                .as(List::of)
                .filter(pair -> !pair.getFirst().equals(pair.getLast()));
    }

    @Property
    void aDigitASignOrASymbolMoreIsAnotherText(
            @ForAll("texts") String text, @ForAll("carriers") List<String> pair, @ForAll int at) {
        int place = Math.floorMod(at, text.length() + 1);
        String before = text.substring(0, place);
        String after = text.substring(place);
        assertThat(TextEquality.areEqual(text, before + pair.getFirst() + after))
                .isFalse();
        assertThat(TextEquality.areEqual(before + pair.getFirst() + after, before + pair.getLast() + after))
                .isFalse();
    }

    @Property
    void equalityIsSymmetricAndSurvivesSpacesAndFinalPunctuation(
            @ForAll("texts") String one, @ForAll("texts") String other) {
        assertThat(TextEquality.areEqual(one, other)).isEqualTo(TextEquality.areEqual(other, one));
        assertThat(TextEquality.areEqual(one, "  " + one.replace(" ", "\n ") + "."))
                .isTrue();
    }

    @Property
    void anyTextHasAKey(@ForAll String text) {
        assertThat(TextEquality.areEqual(text, text)).isTrue();
        assertThat(TextEquality.key(text)).isEqualTo(TextEquality.key(text + " "));
        assertThat(TextEquality.exactParts(text)).doesNotContain("");
        Identifier.find(text).forEach(each -> assertThat(each.text()).isNotBlank());
    }
}
