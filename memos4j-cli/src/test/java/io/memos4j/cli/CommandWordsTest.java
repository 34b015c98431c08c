package io.memos4j.cli;

import io.memos4j.api.MemoryException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CommandWordsTest {
    @Test
    void blanksPartWordsAndQuotesKeepThemTogether() {
        assertThat(CommandWords.of("  python3\ttrain.py  {work} ")).containsExactly("python3", "train.py", "{work}");
        assertThat(CommandWords.of("'/opt/my tools/train' --name=\"two words\" x' 'y"))
                .containsExactly("/opt/my tools/train", "--name=two words", "x y");
        assertThat(CommandWords.of("a '' \"\" b")).containsExactly("a", "", "", "b");
        assertThat(CommandWords.of(" \t")).isEmpty();
    }

    @Test
    void aBackslashTakesTheMeaningOffWhatFollows() {
        assertThat(CommandWords.of("a\\ b \\\"c \\\\")).containsExactly("a b", "\"c", "\\");
        assertThat(CommandWords.of("\"a\\\"b\\\\c\\d\"")).containsExactly("a\"b\\c\\d");
        assertThat(CommandWords.of("'a\\b'")).containsExactly("a\\b");
    }

    @Test
    void whatAShellWouldDoIsPlainText() {
        assertThat(CommandWords.of("run $HOME `id` $(id) *.py > out; rm x && y | z"))
                .containsExactly("run", "$HOME", "`id`", "$(id)", "*.py", ">", "out;", "rm", "x", "&&", "y", "|", "z");
    }

    @Test
    void whatHasNoEndIsRefused() {
        for (String unfinished : new String[] {"a 'b", "a \"b", "\"a\\\"", "a \\"}) {
            assertThatExceptionOfType(MemoryException.class)
                    .as(unfinished)
                    .isThrownBy(() -> CommandWords.of(unfinished))
                    .withMessageContaining(unfinished);
        }
    }
}
