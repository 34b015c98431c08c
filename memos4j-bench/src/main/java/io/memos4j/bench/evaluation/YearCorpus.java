package io.memos4j.bench.evaluation;

import io.memos4j.api.items.Message;
import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.LabeledDataset.Unit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A year of messages of one user: the conversations of labeled sets, with {@link EverydayMessages} between them.
 *
 * <p>A conversation keeps its days and months, which its questions may mention; it is shifted by whole years so that it
 * ends in the year, as are the years mentioned in its texts and questions. Messages without times are spread over the
 * year.
 *
 * @param messages the messages in order of time
 * @param questions the questions with evidence about the conversations
 */
record YearCorpus(List<DatedMessage> messages, List<DatedQuestion> questions) {
    private static final int YEAR = 2_025;
    private static final Instant START = Instant.parse("2025-01-01T08:00:00Z");
    private static final Instant END = Instant.parse("2025-12-31T20:00:00Z");
    private static final Pattern NAMED_YEAR = Pattern.compile("\\b20[12]\\d\\b");

    /** The maximum percentage of messages from conversations with questions. */
    private static final int ASKED_ABOUT = 60;

    /** A message; {@code unit} is empty for everyday messages. */
    record DatedMessage(String unit, Message message) {}

    /** A question and the units that answer it. */
    record DatedQuestion(String text, Instant at, Set<String> evidence) {}

    /**
     * Builds the year.
     *
     * @param sets the directories of labeled sets; their conversations are taken in turn until there are enough
     * @param size the total number of messages
     */
    static YearCorpus of(List<Path> sets, int size) {
        List<DatedMessage> messages = new ArrayList<>();
        List<DatedQuestion> questions = new ArrayList<>();
        List<LabeledDataset> read = sets.stream().map(LabeledDataset::read).toList();
        int most = read.stream().mapToInt(set -> set.haystacks().size()).max().orElse(0);
        for (int turn = 0; turn < most; turn++) {
            for (LabeledDataset set : read) {
                List<Map.Entry<String, List<Unit>>> haystacks =
                        List.copyOf(set.haystacks().entrySet());
                if (turn < haystacks.size()
                        && messages.size() + haystacks.get(turn).getValue().size() <= size * ASKED_ABOUT / 100) {
                    String haystack = haystacks.get(turn).getKey();
                    new Conversation(set, haystack).addTo(messages, questions);
                }
            }
        }
        EverydayMessages talk = new EverydayMessages(11);
        int rest = size - messages.size();
        Duration pause = Duration.between(START, END).dividedBy(Math.max(1, rest));
        for (int i = 0; i < rest; i++) {
            messages.add(new DatedMessage("", talk.next(i, START, pause)));
        }
        messages.sort(Comparator.comparing(dated -> dated.message().time().orElse(START)));
        return new YearCorpus(List.copyOf(messages), List.copyOf(questions));
    }

    /** Returns a time after all messages and before all questions. */
    static Instant end() {
        return END.plus(Duration.ofHours(3));
    }

    private static final class Conversation {
        private final LabeledDataset set;
        private final String haystack;
        private final List<Unit> units;
        private final int years;

        Conversation(LabeledDataset set, String haystack) {
            this.set = set;
            this.haystack = haystack;
            this.units = set.haystacks().getOrDefault(haystack, List.of());
            this.years = units.stream()
                    .flatMap(unit -> unit.time().stream())
                    .max(Comparator.naturalOrder())
                    .map(last -> YEAR - last.atZone(ZoneOffset.UTC).getYear())
                    .orElse(0);
        }

        void addTo(List<DatedMessage> messages, List<DatedQuestion> questions) {
            Duration pause = Duration.between(START, END).dividedBy(Math.max(1, units.size()));
            Set<String> known = new HashSet<>();
            for (int i = 0; i < units.size(); i++) {
                Unit unit = units.get(i);
                Instant at = unit.time().map(this::shift).orElse(START.plus(pause.multipliedBy(i)));
                Unit moved = new Unit(
                        name(unit.id()),
                        set.name() + "/" + haystack + "/" + unit.session(),
                        Optional.of(at),
                        unit.role(),
                        unit.speaker(),
                        shift(unit.text()));
                known.add(moved.id());
                messages.add(new DatedMessage(moved.id(), CorpusLoader.message(moved)));
            }
            for (Question question : set.questions()) {
                Set<String> evidence = question.labels().evidence().stream()
                        .map(this::name)
                        .filter(known::contains)
                        .collect(Collectors.toSet());
                if (question.haystack().equals(haystack) && !evidence.isEmpty()) {
                    Instant at = question.time().map(this::shift).orElse(END);
                    questions.add(new DatedQuestion(shift(question.text()), at, evidence));
                }
            }
        }

        private String name(String unit) {
            return set.name() + "/" + haystack + "/" + unit;
        }

        private Instant shift(Instant time) {
            return time.atZone(ZoneOffset.UTC).plusYears(years).toInstant();
        }

        private String shift(String text) {
            return NAMED_YEAR
                    .matcher(text)
                    .replaceAll(match -> Integer.toString(Integer.parseInt(match.group()) + years));
        }
    }
}
