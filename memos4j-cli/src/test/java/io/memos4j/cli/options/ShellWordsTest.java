package io.memos4j.cli.options;

import io.memos4j.api.MemoryException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ShellWordsTest {
    @Test
    void blanksPartWordsAndQuotesKeepThemTogether() {
        assertThat(ShellWords.of("  python3\ttrain.py  {work} ")).containsExactly("python3", "train.py", "{work}");
        assertThat(ShellWords.of("'/opt/my tools/train' --name=\"two words\" x' 'y"))
                .containsExactly("/opt/my tools/train", "--name=two words", "x y");
        assertThat(ShellWords.of("a '' \"\" b")).containsExactly("a", "", "", "b");
        assertThat(ShellWords.of(" \t")).isEmpty();
    }

    @Test
    void aBackslashTakesTheMeaningOffWhatFollows() {
        assertThat(ShellWords.of("a\\ b \\\"c \\\\")).containsExactly("a b", "\"c", "\\");
        assertThat(ShellWords.of("\"a\\\"b\\\\c\\d\"")).containsExactly("a\"b\\c\\d");
        assertThat(ShellWords.of("'a\\b'")).containsExactly("a\\b");
    }

    @Test
    void whatAShellWouldDoIsPlainText() {
        assertThat(ShellWords.of("run $HOME `id` $(id) *.py > out; rm x && y | z"))
                .containsExactly("run", "$HOME", "`id`", "$(id)", "*.py", ">", "out;", "rm", "x", "&&", "y", "|", "z");
    }

    @Test
    void whatHasNoEndIsRefused() {
        for (String unfinished : new String[] {"a 'b", "a \"b", "\"a\\\"", "a \\"}) {
            assertThatExceptionOfType(MemoryException.class)
                    .as(unfinished)
                    .isThrownBy(() -> ShellWords.of(unfinished))
                    .withMessageContaining(unfinished);
        }
    }
}
