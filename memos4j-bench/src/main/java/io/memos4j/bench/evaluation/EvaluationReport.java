package io.memos4j.bench.evaluation;

import io.memos4j.bench.evaluation.LabeledDataset.Question;
import io.memos4j.bench.evaluation.RunFile.Answer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The scores of a run.
 *
 * @param set the name of the set
 * @param rows the scores by category and by language, {@code ALL} first; each metric is averaged over the questions
 *     labeled for it
 * @param milliseconds the search times without the embedding of the query: p50, p95, p99
 * @param embedMilliseconds the p50 of the embedding of the query
 * @param ingestion the size and speed of ingestion; empty for a run file of another system
 */
public record EvaluationReport(
        String set,
        Map<String, Row> rows,
        double[] milliseconds,
        double embedMilliseconds,
        Map<String, Double> ingestion) {

    /** The scores of one category. */
    public record Row(int questions, Map<RetrievalMetric, Double> scores) {}

    static final String ALL = "ALL";

    /** Scores answers. A missing answer counts as one without items. */
    static EvaluationReport of(LabeledDataset set, List<Answer> answers, Map<String, Double> ingestion) {
        Map<String, Answer> byId = answers.stream()
                .collect(Collectors.toMap(answer -> answer.haystack() + "\n" + answer.id(), a -> a, (a, b) -> a));
        Map<String, Row> rows = new LinkedHashMap<>();
        rows.put(ALL, row(set.questions(), byId));
        Map<String, List<Question>> categories = set.questions().stream()
                .collect(Collectors.groupingBy(Question::category, TreeMap::new, Collectors.toList()));
        categories.forEach((category, questions) -> rows.put(category, row(questions, byId)));
        Map<String, List<Question>> languages = set.questions().stream()
                .filter(question -> !question.language().isEmpty())
                .collect(Collectors.groupingBy(Question::language, TreeMap::new, Collectors.toList()));
        languages.forEach((language, questions) -> rows.put("lang " + language, row(questions, byId)));
        double[] ms = answers.stream().mapToDouble(Answer::ms).sorted().toArray();
        double[] embed = answers.stream().mapToDouble(Answer::embedMs).sorted().toArray();
        return new EvaluationReport(
                set.name(),
                rows,
                new double[] {percentile(ms, 50), percentile(ms, 95), percentile(ms, 99)},
                percentile(embed, 50),
                ingestion);
    }

    private static Row row(List<Question> questions, Map<String, Answer> answers) {
        Map<RetrievalMetric, Double> scores = new EnumMap<>(RetrievalMetric.class);
        for (RetrievalMetric metric : RetrievalMetric.values()) {
            questions.stream()
                    .map(question -> metric.of(question.labels(), items(answers, question)))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .average()
                    .ifPresent(mean -> scores.put(metric, mean));
        }
        return new Row(questions.size(), scores);
    }

    private static List<RunFile.Item> items(Map<String, Answer> answers, Question question) {
        Answer answer = answers.get(question.haystack() + "\n" + question.id());
        return answer == null ? List.of() : answer.items();
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    /** Returns the scores as a table for people. */
    public String table() {
        StringBuilder table = new StringBuilder();
        List<RetrievalMetric> columns = Arrays.stream(RetrievalMetric.values())
                .filter(metric ->
                        rows.getOrDefault(ALL, new Row(0, Map.of())).scores.containsKey(metric))
                .toList();
        table.append(String.format(Locale.ROOT, "%-28s %5s", set, "n"));
        columns.forEach(metric -> table.append(String.format(Locale.ROOT, " %9s", metric.title())));
        table.append('\n');
        rows.forEach((category, row) -> {
            table.append(String.format(Locale.ROOT, "%-28s %5d", category, row.questions));
            columns.forEach(metric -> table.append(
                    row.scores.containsKey(metric)
                            ? String.format(Locale.ROOT, " %9.3f", row.scores.get(metric))
                            : String.format(" %9s", "")));
            table.append('\n');
        });
        ingestion.forEach((name, value) -> table.append(String.format(Locale.ROOT, "%s %,.0f  ", name, value)));
        table.append(String.format(
                Locale.ROOT,
                "search p50 %.1f ms  p95 %.1f ms  p99 %.1f ms  (query embedding apart: p50 %.1f ms)%n",
                milliseconds[0],
                milliseconds[1],
                milliseconds[2],
                embedMilliseconds));
        return table.toString();
    }

    /** Returns the scores as plain values, for JSON. */
    public Map<String, Object> values() {
        Map<String, Object> categories = new LinkedHashMap<>();
        rows.forEach((category, row) -> {
            Map<String, Object> scores = new LinkedHashMap<>();
            scores.put("questions", row.questions);
            row.scores.forEach((metric, score) -> scores.put(metric.title(), score));
            categories.put(category, scores);
        });
        return Map.of(
                "set", set,
                "scores", categories,
                "ingestion", ingestion,
                "search_ms", Map.of("p50", milliseconds[0], "p95", milliseconds[1], "p99", milliseconds[2]),
                "embed_ms", Map.of("p50", embedMilliseconds));
    }
}
