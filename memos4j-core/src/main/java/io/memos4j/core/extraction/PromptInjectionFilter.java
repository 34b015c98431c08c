package io.memos4j.core.extraction;

import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises texts that talk to a model and not about the world. A memory is read by models for ever, so such a text is
 * never made one. A list of phrases is no proof against a clever text; it is the last of several guards and meant to be
 * read and extended.
 */
final class PromptInjectionFilter {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;

    private static final List<Pattern> PHRASES = List.of(
            phrase("(?:ignore|disregard|forget|override|bypass)\\s+(?:\\w+\\s+){0,3}?"
                    + "(?:previous|prior|above|earlier|preceding|former|existing|system)\\s+(?:\\w+\\s+)?"
                    + "(?:instruction|rule|prompt|message|guideline|direction|command)s?"),
            phrase(
                    "(?:ignore|disregard|forget|override|bypass)\\s+(?:all|any|your|the)\\s+(?:of\\s+)?(?:your\\s+|the\\s+)?"
                            + "(?:instruction|rule|prompt|guideline|guardrail|safety)s?"),
            phrase("\\b(?:system|developer)[\\s_-]+(?:prompt|message|instruction)s?\\b"),
            phrase("\\byou\\s+are\\s+now\\s+(?:a|an|the|in|free|dan)\\b"),
            phrase("\\b(?:do\\s+anything\\s+now|jailbreak(?:en|ed)?|developer\\s+mode)\\b"),
            phrase("\\bnew\\s+(?:system\\s+)?instructions?\\s*:"),
            phrase("<\\|?\\s*/?\\s*(?:im_start|im_end|system|assistant|endoftext)\\s*\\|?>|\\[/?INST]"),
            phrase(
                    "\\b(?:store|save|remember|record|memori[sz]e|reveal|send|print|output|share|leak|forward)\\b.{0,60}?"
                            + "\\b(?:passwords?|passphrases?|api[\\s_-]?keys?|secret[\\s_-]?keys?|access[\\s_-]?tokens?|credentials?)\\b"),
            phrase("(?:忽略|无视|忘记|忘掉|不要理会|绕过).{0,8}?(?:之前|以上|上面|前面|先前|所有|全部|系统|原有|你).{0,6}?"
                    + "(?:指令|指示|规则|提示|命令|要求|设定)"),
            phrase("系统提示词?|系统指令|开发者模式|越狱模式|你现在是(?:一个|一名)?(?!在)"),
            phrase("(?:保存|储存|存储|记住|记录|泄露|透露|发送|输出|转发).{0,30}?(?:密码|口令|密钥|令牌|凭证)"));

    private PromptInjectionFilter() {}

    private static Pattern phrase(String regex) {
        return Pattern.compile(regex, FLAGS | Pattern.DOTALL);
    }

    /** The words that talk to a model, if there are any. */
    static Optional<String> findIn(String text) {
        if (PromptDelimiters.containedIn(text)) {
            return Optional.of("a delimiter of the prompt");
        }
        String plain = Normalizer.normalize(PromptDelimiters.strip(text), Normalizer.Form.NFKC);
        for (Pattern phrase : PHRASES) {
            Matcher matcher = phrase.matcher(plain);
            if (matcher.find()) {
                return Optional.of(MiddleTruncation.truncate(matcher.group(), 80));
            }
        }
        return Optional.empty();
    }
}
