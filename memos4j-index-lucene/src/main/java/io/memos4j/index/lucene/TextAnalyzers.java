package io.memos4j.index.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.StopFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.cjk.CJKWidthFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/**
 * Turns text into terms. One chain serves mixed text, since each filter acts on the tokens of its own script: Latin
 * words are folded and stemmed, runs of Chinese, Japanese and Korean become single characters and overlapping pairs,
 * everything else is split by the Unicode rules and lowercased. Stop words are indexed, so that a query of nothing else
 * still finds, and dropped from other queries.
 */
final class TextAnalyzers {
    /** For documents. */
    static final Analyzer TEXT = new Chain(false);

    private static final Analyzer QUERY = new Chain(true);

    /** Words of English that carry no topic, among them those that only make a sentence a question about now. */
    private static final CharArraySet ENGLISH_STOP_WORDS = new CharArraySet(
            Arrays.asList(("a an and are as at be but by for if in into is it no not of on or such that the their then"
                            + " there these"
                            + " they this to was will with what when where who whom whose which why how did"
                            + " does do done has have had"
                            + " i you he she we my your his her its our me him them us been being am were"
                            + " would could should can may"
                            + " might shall must about from s t d ll re ve m than so some any all just"
                            + " now nowadays currently presently still")
                    .split(" ")),
            true);

    /** Single characters of Chinese that are mostly grammar. In pairs they stay. */
    private static final CharArraySet CHINESE_STOP_CHARACTERS = new CharArraySet(
            Arrays.asList("的 了 是 我 你 他 她 它 们 在 和 也 吗 呢 吧 啊 很 就 都 这 那 有 什 么 怎 哪 不 要 会 对 说 到 一 个 好 上 给 让".split(" ")),
            true);

    private TextAnalyzers() {}

    /** The distinct terms of a query with how often each occurs, in order; stop words only if there is nothing else. */
    static Map<String, Integer> queryTerms(String text) {
        Map<String, Integer> terms = count(terms(QUERY, text));
        return terms.isEmpty() ? count(terms(TEXT, text)) : terms;
    }

    private static Map<String, Integer> count(List<String> terms) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        terms.forEach(term -> counts.merge(term, 1, Integer::sum));
        return counts;
    }

    private static List<String> terms(Analyzer analyzer, String text) {
        List<String> terms = new ArrayList<>();
        try (TokenStream tokens = analyzer.tokenStream(IndexFields.TEXT, text)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                terms.add(term.toString());
            }
            tokens.end();
        } catch (IOException e) {
            throw new UncheckedIOException("A string cannot fail to be read.", e);
        }
        return terms;
    }

    private static final class Chain extends Analyzer {
        private static final int SCRIPTS =
                CJKBigramFilter.HAN | CJKBigramFilter.HIRAGANA | CJKBigramFilter.KATAKANA | CJKBigramFilter.HANGUL;

        private final boolean dropStopWords;

        Chain(boolean dropStopWords) {
            this.dropStopWords = dropStopWords;
        }

        @Override
        protected TokenStreamComponents createComponents(String field) {
            StandardTokenizer tokenizer = new StandardTokenizer();
            TokenStream tokens = new EnglishPossessiveFilter(new CJKWidthFilter(tokenizer));
            tokens = new LowerCaseFilter(tokens);
            tokens = dropStopWords ? new StopFilter(tokens, ENGLISH_STOP_WORDS) : tokens;
            tokens = new CJKBigramFilter(new ASCIIFoldingFilter(tokens), SCRIPTS, true);
            tokens = dropStopWords ? new StopFilter(tokens, CHINESE_STOP_CHARACTERS) : tokens;
            return new TokenStreamComponents(tokenizer, new PorterStemFilter(tokens));
        }
    }
}
