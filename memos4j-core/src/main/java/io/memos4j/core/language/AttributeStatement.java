package io.memos4j.core.language;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One sentence that gives one attribute of one subject its one value: "Alice now lives in Lyon", "The API rate limit is
 * 500 a minute". Only attributes that have a single value at a time count, since the next statement of the same
 * {@link #key} ends the former; a second hobby is no such statement.
 *
 * <p>Found by form alone: a subject that names an attribute ("the … of …", "my …", "X's …", a compound noun) with a
 * form of <i>to be</i> in the present, or a verb that holds for one object at a time ("lives in", "works at", "is
 * married to", "was born in", or any verb phrase that ends in "the … of").
 *
 * @param key subject and attribute, normalised: equal for statements about the same
 * @param value what it is said to be, normalised
 * @param ended whether it says that this value holds no longer, and names no other: "I no longer live in Paris"
 */
public record AttributeStatement(String key, String value, boolean ended) {
    private static final int LONGEST = 300;
    private static final int LONGEST_SUBJECT = 160;

    private static final String NOW = "(?:(?:now|currently|still|already|officially)\\s+)?";

    /** What introduces a statement: "Remember that", "Update this:". */
    private static final Pattern INTRODUCTION = Pattern.compile(
            "^(?:(?:please\\s+)?(?:remember|note|keep in mind|confirm|update|correction|reminder|fyi|actually|also|btw|by the way|no"
                    + "|just so you know|for the record|as of (?:now|today)|so|well|hi|hey)"
                    + "(?:\\s+(?:that|this|still matters|this still matters))*\\s*[:,]?\\s+)+",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern BEING = Pattern.compile(
            "^(?<subject>.{3," + LONGEST_SUBJECT
                    + "}?)\\s+(?:is|are (?:now|currently)|remains?|became|becomes|has become|(?:has |was |were )?(?:changed|updated|set|moved)"
                    + " (?:to|at))\\s+" + NOW + "(?<value>.+)$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern ATTRIBUTE_OF_SOMETHING =
            Pattern.compile("^(?:my|our|his|her|their|your)\\s|['’]s\\s|\\s(?:of|for)\\s", Pattern.CASE_INSENSITIVE);

    /**
     * The last word of a compound noun is written small, that of a name is not: "API rate limit", but not "Amy
     * Winehouse".
     */
    private static final Pattern COMPOUND =
            Pattern.compile("^(?:the\\s+)?(?:[\\p{L}\\p{N}_/.'-]+\\s+){1,4}\\p{Ll}[\\p{L}-]*$");

    /** A number, a name, a path: not how something merely looks or feels. */
    private static final Pattern VALUE = Pattern.compile("[\\d/@\\\\:\"“'‘]|\\p{Lu}");

    /** A noun that names an attribute, at the head of the subject. */
    private static final Pattern ATTRIBUTE = Pattern.compile(
            "\\b(?:favou?rite|preferred|name|nickname|address|number|phone|e?mail|colou?r|birthday|age|size|weight|height|price|cost|fee|salary"
                    + "|job|role|title|status|owner|lead|manager|boss|deadline|date|time|schedule|city|country|language|location|endpoint|url"
                    + "|domain|port|region|zone|level|style|format|metric|goal|target|budget|limit|rate|timeout|version|provider|password"
                    + "|preference|policy|strategy|plan|rule|constraint|command|tone|diet|allergy)s?(?:\\s+(?:of|for|in|on)\\b.*)?$",
            Pattern.CASE_INSENSITIVE);

    /** A predicate of its own rather than a value: "managed through …", "publicly accessible at …", "on the table". */
    private static final Pattern DOING = Pattern.compile(
            "^(?:in|at|on|with|from|by|near|under|about|like|because|very|so|too|not|never|always)\\b|^(?:\\p{Ll}+ly )?(?:\\p{Ll}+(?:ed|ing|ible|able)|built|kept|made|run|sent) (?:at|by|from|in|into|on|through|to|under|using|via|with)\\b");

    private static final Pattern POINTING = Pattern.compile(
            "^(?:it|this|that|these|those|he|she|they|we|you|there|here|what|which|who|how|why|when|where|everything|something|nothing|one|if"
                    + "|as|because|but|and|all|some)\\b",
            Pattern.CASE_INSENSITIVE);

    /** What stands before the verb says that it is not so, or not now, or not only so: "used to live in", "我想住在". */
    private static final Pattern NOT_SO = Pattern.compile(
            "(?:\\b(?:to|not|never|no longer|would|could|should|might|may|must|can|cannot|will|once|almost|nearly|also)|n['’]t"
                    + "|以前|之前|曾经?|想|要|打算|希望|没有?|不|不再|会|可能|很多人|人们|大家|有人)$",
            Pattern.CASE_INSENSITIVE);

    /** What holds for a kind of people or things, each with a value of its own: "Penguins live in Antarctica". */
    private static final Pattern GENERIC = Pattern.compile(
            "^(?!(?:i|my|our|his|her|their|the|both)\\b|.*\\sand\\s)[^,;:]{1,80}?\\s+" + NOW
                    + "(?:live|reside|work) (?:in|at|for|as)\\b",
            Pattern.CASE_INSENSITIVE);

    /** A verb with one object at a time, and the attribute that it stands for. */
    private record Relation(String attribute, Pattern pattern) {
        Relation(String attribute, String verbs, String value) {
            this(
                    attribute,
                    Pattern.compile(
                            "^(?<subject>[^,;:]{1,80}?)(?:['’]m|['’]ve|['’]s|\\s+(?:am|is|has|have))?\\s+(?:just |recently |finally )?"
                                    + NOW + "(?:" + verbs + ")\\s+(?<value>" + value + ")$",
                            Pattern.CASE_INSENSITIVE));
        }
    }

    private static final String SOMETHING = ".{1,120}";

    private static final List<Relation> RELATIONS = List.of(
            new Relation(
                    "residence",
                    "lives? in|living in|resides? in|residing in|(?:have |has )?(?:moved|relocated) to",
                    "(?-i:\\p{Lu})[^,;]{1,60}"),
            new Relation("employer", "works? (?:at|for)|working (?:at|for)|(?:is |am )?employed (?:at|by)", SOMETHING),
            new Relation("occupation", "works? as|working as", SOMETHING),
            new Relation("spouse", "(?:is |am )?married to", SOMETHING),
            new Relation("birthplace", "was born in", SOMETHING),
            new Relation("name", "(?:is|am) (?:named|called)", SOMETHING));

    /** "plays the position of", "is affiliated with the religion of": the noun names the attribute. */
    private static final Pattern NOUN_OF = Pattern.compile(
            "^(?<subject>[^,;:]{2,80}?)\\s+(?<verb>(?:is|was|plays|died|lives|holds|belongs|follows|practi[sc]es)(?:\\s+\\p{Ll}+){0,3}?"
                    + "\\s+the\\s+(?<noun>\\p{Ll}+(?:\\s\\p{Ll}+)?)\\s+of)\\s+(?<value>.{1,120})$");

    private static final Pattern ENDED = Pattern.compile(
            "^(?<subject>[^,;:]{1,80}?)\\s+(?:no longer|(?:do|does)(?:n['’]t| not))\\s+(?<verb>live|reside|work)s?\\s+(?<at>in|at|for|as)\\s+"
                    + "(?<value>.{1,80}?)(?:\\s+any ?more)?$",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern CHINESE_BEING = Pattern.compile(
            "^(?<subject>[^，。；：]{1,20}的[^，。；：的]{1,12}?)(?:现在|目前|如今)?(?:已经)?(?:是|为|改为|改成|变成|换成|改到)(?<value>[^，。；]{1,60})$");

    private static final Pattern CHINESE_RESIDENCE =
            Pattern.compile("^(?<subject>[^，。；：]{1,10}?)(?:现在|目前|如今|已经|刚)*(?:住在|搬到了?|搬去了?)(?<value>[^，。；]{1,30}?)了?$");

    private static final Pattern CHINESE_EMPLOYER =
            Pattern.compile("^(?<subject>[^，。；：]{1,10}?)(?:现在|目前|如今|已经)*在(?<value>[^，。；]{1,30}?)(?:工作|上班)了?$");

    /**
     * The statement that a text is, if it is one and nothing else.
     *
     * @param speaker whose "I" and "my" it is
     */
    public static Optional<AttributeStatement> parse(String text, String speaker) {
        List<String> sentences = text.length() > LONGEST ? List.of() : SentenceSplitter.split(text);
        if (sentences.size() != 1 || QuestionDetector.isQuestion(text)) {
            return Optional.empty();
        }
        String sentence =
                INTRODUCTION.matcher(sentences.getFirst()).replaceFirst("").replaceAll("[.!。！\\s]+$", "");
        return chinese(sentence, speaker)
                .or(() -> ended(sentence, speaker))
                .or(() -> related(sentence, speaker))
                .or(() -> nounOf(sentence, speaker))
                .or(() -> being(sentence, speaker));
    }

    private static Optional<AttributeStatement> being(String sentence, String speaker) {
        Matcher matcher = BEING.matcher(sentence);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String subject = matcher.group("subject");
        String value = matcher.group("value");
        boolean attribute = !POINTING.matcher(subject).find()
                && (ATTRIBUTE_OF_SOMETHING.matcher(subject).find()
                        || COMPOUND.matcher(subject).matches());
        boolean given = !DOING.matcher(value).find()
                && (VALUE.matcher(value).find()
                        || ATTRIBUTE.matcher(subject).find()
                        || ChangeDetector.announcesChange(sentence));
        return attribute && given ? made(subject, "", value, speaker) : Optional.empty();
    }

    private static Optional<AttributeStatement> related(String sentence, String speaker) {
        for (Relation relation : RELATIONS) {
            Matcher matcher = relation.pattern.matcher(sentence);
            if (matcher.matches()
                    && !POINTING.matcher(matcher.group("subject")).find()
                    && !NOT_SO.matcher(matcher.group("subject")).find()
                    && !GENERIC.matcher(sentence).find()) {
                return made(matcher.group("subject"), relation.attribute, matcher.group("value"), speaker);
            }
        }
        return Optional.empty();
    }

    private static Optional<AttributeStatement> nounOf(String sentence, String speaker) {
        Matcher matcher = NOUN_OF.matcher(sentence);
        return matcher.matches() && !POINTING.matcher(matcher.group("subject")).find()
                ? made(matcher.group("subject"), matcher.group("verb"), matcher.group("value"), speaker)
                : Optional.empty();
    }

    /** The end of a residence or an employment; nothing takes its place. */
    private static Optional<AttributeStatement> ended(String sentence, String speaker) {
        Matcher matcher = ENDED.matcher(sentence);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String attribute = matcher.group("at").equalsIgnoreCase("as")
                ? "occupation"
                : matcher.group("verb").equalsIgnoreCase("work") ? "employer" : "residence";
        return made(matcher.group("subject"), attribute, matcher.group("value"), speaker)
                .map(statement -> new AttributeStatement(statement.key, statement.value, true));
    }

    private static Optional<AttributeStatement> chinese(String sentence, String speaker) {
        if (!sentence.codePoints().anyMatch(Character::isIdeographic)) {
            return Optional.empty();
        }
        Matcher residence = CHINESE_RESIDENCE.matcher(sentence);
        if (residence.matches() && !NOT_SO.matcher(residence.group("subject")).find()) {
            return made(residence.group("subject"), "residence", residence.group("value"), speaker);
        }
        Matcher employer = CHINESE_EMPLOYER.matcher(sentence);
        if (employer.matches() && !NOT_SO.matcher(employer.group("subject")).find()) {
            return made(employer.group("subject"), "employer", employer.group("value"), speaker);
        }
        Matcher being = CHINESE_BEING.matcher(sentence);
        return being.matches() ? made(being.group("subject"), "", being.group("value"), speaker) : Optional.empty();
    }

    private static Optional<AttributeStatement> made(String subject, String attribute, String value, String speaker) {
        String name = Matcher.quoteReplacement(normal(speaker));
        String who = normal(subject)
                .replaceFirst("^(?:i|我)$", name)
                .replaceFirst("^(?:my |我的)", name + "'s ")
                .replaceFirst("^(?:the|a|an|our) ", "")
                .replaceAll("\\b(?:current|currently|now|new|latest|present)\\b ?", "")
                .strip();
        return who.isEmpty()
                ? Optional.empty()
                : Optional.of(new AttributeStatement(who + "\t" + normal(attribute), normal(value), false));
    }

    private static String normal(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replace('’', '\'')
                .replaceAll("[\\s\"“”]+", " ")
                .strip();
    }
}
