package io.memos4j.core.cube;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ListRequest;
import java.util.List;

/** Leaves forgotten items out of listings that do not ask for them by their state. */
final class ForgottenFilter {
    private static final Filter VISIBLE = Filter.not(Filter.eq("state", ItemState.FORGOTTEN.id()));

    private ForgottenFilter() {}

    static ListRequest applyTo(ListRequest request) {
        return asks(request.filter()) ? request : request.where(Filter.and(request.filter(), VISIBLE));
    }

    private static boolean asks(Filter filter) {
        return switch (filter) {
            case Filter.And(List<Filter> parts) -> parts.stream().anyMatch(ForgottenFilter::asks);
            case Filter.Or(List<Filter> parts) -> parts.stream().anyMatch(ForgottenFilter::asks);
            case Filter.Not ignored -> false;
            case Filter.Compare(String field, Filter.Operator operator, Object value) ->
                operator == Filter.Operator.EQ && asks(field, value);
            case Filter.In(String field, List<Object> values) -> values.stream().anyMatch(value -> asks(field, value));
            case Filter.Exists ignored -> false;
        };
    }

    private static boolean asks(String field, Object value) {
        return field.equals("state") && value.equals(ItemState.FORGOTTEN.id());
    }
}
