package io.memos4j.core.extraction;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a message what its writer only passes on: quotes, code, quoted mail, and what follows "the email says".
 * Errs on the side of taking out too much: what is lost is one standing instruction that the user can repeat.
 */
final class QuotationStripper {
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
    private static final String THING =
            "(?:e-?mail|mail|message|letter|page|web\\s?page|website|site|article|document|doc|note|text|readme|file|post|comment"
                    + "|ticket|issue|review|manual|sign|prompt|chat|transcript|pdf|boss|colleague|teacher|he|she|they|it|who)";
    private static final String SAYS =
            "(?:says?|said|reads?|states?|stated|wrote|writes?|tells?|told|goes|contains?|asks?|asked|demands?)";
    private static final String ZH_SAYS = "(?:说|写道|写着|写的是|提到|要求|表示|称|内容是|内容如下|如下)";

    /** In this order, for code may hold quotes, and a forwarded mail may hold everything. */
    private static final List<Pattern> PASSED_ON = List.of(
            // An unclosed fence reaches to the end.
            compile("(?:```|~~~).*?(?:```|~~~|\\z)"),
            // Forwarded or answered mail, to the end.
            compile("(?:^|\\n)[ \\t>*-]*(?:(?:begin\\s+)?forwarded\\s+message|original\\s+message|转发(?:的)?邮件|原始邮件|"
                    + "(?:from|发件人)\\s*[:：][^\\n]*\\n(?=[^\\n]*[:：])|on\\s[^\\n]{4,100}\\swrote:).*"),
            compile("(?:^|\\n)[ \\t]*>[^\\n]*"),
            // Announced and then pasted on the next line, to the end.
            compile("\\b" + THING + "\\b[^\\n.!?]{0,60}?\\b" + SAYS + "\\b[^\\n.!?]{0,40}[:：][ \\t]*\\n.*"),
            compile(ZH_SAYS + "[^\\n。！？]{0,12}[:：][ \\t]*\\n.*"),
            compile("(?:here\\s+is|here's|below\\s+is|pasted|quote|translate|summari[sz]e|proofread|以下是|下面是|翻译|总结)"
                    + "[^\\n]{0,80}[:：][ \\t]*\\n.*"),
            // Announced on the same line, to its end with a colon, without one to the end of the sentence.
            compile("\\b" + THING + "\\b[^\\n.!?]{0,60}?\\b" + SAYS + "\\b[^\\n.!?:]{0,40}[:：][^\\n]*"),
            compile("\\b(?:the|this|that|an?|my|his|her|their|your|it)\\s+(?:\\w+\\s+){0,2}?" + THING + "\\s+" + SAYS
                    + "\\b[^\\n.!?。！？]*"),
            compile("\\bit\\s+" + SAYS + "\\b[^\\n.!?]*"),
            compile("(?:邮件|信|消息|短信|网页|页面|文章|文档|文件|通知|帖子|评论|老板|同事|老师|他|她|它|上面|里面|里)[^\\n。！？]{0,12}?"
                    + "(?:说|写道|写着|写的是|提到|要求)[^\\n。！？]*"),
            compile("(?:quote|translate|summari[sz]e|proofread|翻译|总结|引用)[^\\n:：]{0,80}[:：][^\\n]*"),
            compile("“[^”]*(?:”|\\z)|«[^«»]*»|「[^「」]*」|『[^『』]*』|„[^„“”]*[“”]|‘[^‘’\\n]*’(?!\\p{L})"),
            compile("\"[^\"]*(?:\"|\\z)|`[^`\\n]*`"),
            compile("(?<![\\p{L}\\p{N}])'[^'\\n]*(?:'(?=\\p{L})[^'\\n]*){0,20}'(?!\\p{L})"));

    private QuotationStripper() {}

    private static Pattern compile(String regex) {
        return Pattern.compile(regex, FLAGS | Pattern.DOTALL);
    }

    /** What the writer says in his own words; what was passed on is replaced by a line break. */
    static String strip(String text) {
        String own = text;
        for (Pattern pattern : PASSED_ON) {
            Matcher matcher = pattern.matcher(own);
            own = matcher.replaceAll("\n");
        }
        return own;
    }
}
