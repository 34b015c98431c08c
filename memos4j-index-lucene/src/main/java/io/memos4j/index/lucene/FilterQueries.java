package io.memos4j.index.lucene;

import io.memos4j.api.ItemId;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Role;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.internal.EpochMillis;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.ConstantScoreQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;

/** Translates a filter into a Lucene query that matches the passages of the items that the filter means. */
final class FilterQueries {
    /** Fields that every item has. */
    private static final Set<String> ALWAYS =
            Set.of("id", "type", "state", "time", "recorded", "updated", "sensitivity");

    private FilterQueries() {}

    static Query of(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) ->
                parts.isEmpty() ? MatchAllDocsQuery.INSTANCE : joined(parts, Occur.FILTER);
            case Filter.Or(List<Filter> parts) -> parts.isEmpty() ? nothing() : joined(parts, Occur.SHOULD);
            case Filter.Not(Filter part) ->
                new BooleanQuery.Builder()
                        .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                        .add(of(part), Occur.MUST_NOT)
                        .build();
            case Filter.Compare(String field, Filter.Operator operator, Object value) ->
                compare(field, operator, value);
            case Filter.In(String field, List<Object> values) -> in(field, values);
            case Filter.Exists(String field) -> exists(field);
        };
    }

    private static Query in(String field, List<Object> values) {
        boolean plain = switch (field) {
            case "type", "state", "session", "speaker", "tag", "source" ->
                values.stream().noneMatch(""::equals);
            default -> false;
        };
        if (plain) {
            return new TermInSetQuery(
                    IndexFields.EXACT + field,
                    values.stream()
                            .map(value -> IndexFields.exact((String) value))
                            .toList());
        }
        if (field.equals("id")) {
            return new TermInSetQuery(
                    IndexFields.EXACT + "id",
                    values.stream().map(value -> idBytes((String) value)).toList());
        }
        return values.isEmpty()
                ? nothing()
                : joined(
                        values.stream()
                                .map(value -> (Filter) new Filter.Compare(field, Filter.Operator.EQ, value))
                                .toList(),
                        Occur.SHOULD);
    }

    /** The bytes of an id; an empty term, which no item has, for what is none. */
    private static BytesRef idBytes(String value) {
        try {
            return LuceneDocuments.bytes(ItemId.parse(value));
        } catch (MemoryException e) {
            return new BytesRef();
        }
    }

    private static Query joined(List<Filter> parts, Occur occur) {
        if (parts.size() == 1) {
            return of(parts.getFirst());
        }
        BooleanQuery.Builder joined = new BooleanQuery.Builder();
        boolean narrowed = occur == Occur.FILTER && parts.stream().anyMatch(part -> !(part instanceof Filter.Not));
        for (Filter part : parts) {
            // Taken away from what the other parts leave: cheaper than everything without it.
            if (narrowed && part instanceof Filter.Not(Filter inner)) {
                joined.add(of(inner), Occur.MUST_NOT);
            } else {
                joined.add(of(part), occur);
            }
        }
        return new ConstantScoreQuery(joined.build());
    }

    private static Query nothing() {
        return new MatchNoDocsQuery("an empty choice");
    }

    private static Query compare(String field, Filter.Operator operator, Object value) {
        if (operator == Filter.Operator.CONTAINS) {
            return contains(field, (String) value);
        }
        if (field.startsWith(Filter.METADATA)) {
            return metadata(IndexFields.path(field), operator, value);
        }
        return switch (field) {
            case "id" -> id((String) value);
            case "time", "recorded", "updated", "until", "expires" ->
                time(IndexFields.EXACT + field, operator, EpochMillis.of((Instant) value));
            // An item outside any dialogue has the role none, which is not a value.
            case "role" -> value.equals(Role.NONE.id()) ? without("role") : exact(field, value);
            case "sensitivity" -> value.equals(Sensitivity.INTERNAL.id()) ? without(field) : exact(field, value);
            default -> exact(field, value);
        };
    }

    private static Query contains(String field, String part) {
        return field.startsWith(Filter.METADATA)
                ? new SubstringQuery(IndexFields.METADATA_TEXT, IndexFields.pathStart(IndexFields.path(field)), part)
                : new SubstringQuery(IndexFields.EXACT + field, new BytesRef(), part);
    }

    private static Query exact(String field, Object value) {
        return ((String) value).isEmpty()
                ? without(field)
                : new TermQuery(new Term(IndexFields.EXACT + field, IndexFields.exact((String) value)));
    }

    private static Query without(String field) {
        return new BooleanQuery.Builder()
                .add(MatchAllDocsQuery.INSTANCE, Occur.FILTER)
                .add(new TermQuery(new Term(IndexFields.ANY, field)), Occur.MUST_NOT)
                .build();
    }

    private static Query id(String value) {
        return new TermQuery(new Term(IndexFields.EXACT + "id", idBytes(value)));
    }

    private static Query time(String field, Filter.Operator operator, long millis) {
        return switch (operator) {
            case EQ -> LongPoint.newExactQuery(field, millis);
            case LT -> LongPoint.newRangeQuery(field, Long.MIN_VALUE, Math.subtractExact(millis, 1));
            case LTE -> LongPoint.newRangeQuery(field, Long.MIN_VALUE, millis);
            case GT -> LongPoint.newRangeQuery(field, Math.addExact(millis, 1), Long.MAX_VALUE);
            case GTE -> LongPoint.newRangeQuery(field, millis, Long.MAX_VALUE);
            case CONTAINS -> throw new IllegalArgumentException("SubstringQuery finds substrings.");
        };
    }

    private static Query exists(String field) {
        if (field.startsWith(Filter.METADATA)) {
            return new TermQuery(new Term(IndexFields.METADATA_PATH, IndexFields.exact(IndexFields.path(field))));
        }
        return ALWAYS.contains(field) ? MatchAllDocsQuery.INSTANCE : new TermQuery(new Term(IndexFields.ANY, field));
    }

    private static Query metadata(String path, Filter.Operator operator, Object value) {
        return switch (value) {
            case String text -> ranged(IndexFields.METADATA_TEXT, path, operator, IndexFields.atPath(path, text));
            case Boolean flag -> ranged(IndexFields.METADATA_FLAG, path, operator, IndexFields.atPath(path, flag));
            default ->
                ranged(
                        IndexFields.METADATA_NUMBER,
                        path,
                        operator,
                        IndexFields.atPath(path, ((Number) value).doubleValue()));
        };
    }

    private static Query ranged(String field, String path, Filter.Operator operator, BytesRef term) {
        return switch (operator) {
            case EQ -> new TermQuery(new Term(field, term));
            case LT -> new TermRangeQuery(field, IndexFields.pathStart(path), term, true, false);
            case LTE -> new TermRangeQuery(field, IndexFields.pathStart(path), term, true, true);
            case GT -> new TermRangeQuery(field, term, IndexFields.pathEnd(path), false, false);
            case GTE -> new TermRangeQuery(field, term, IndexFields.pathEnd(path), true, false);
            case CONTAINS -> throw new IllegalArgumentException("SubstringQuery finds substrings.");
        };
    }
}
