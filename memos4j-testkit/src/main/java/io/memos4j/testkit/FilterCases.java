package io.memos4j.testkit;

import io.memos4j.api.items.Filter;
import io.memos4j.api.items.Filter.Compare;
import io.memos4j.api.items.Filter.Operator;
import io.memos4j.api.items.ItemOrigin;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.api.items.SourceReference;
import io.memos4j.api.privacy.Sensitivity;
import io.memos4j.api.privacy.SensitivityLabel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Cases of filters: items, filters, and the items that each must match. Vaults and indexes are held to the same table.
 */
public final class FilterCases {
    private FilterCases() {}

    /**
     * Five items, numbered 1 to 5; every text holds the word {@code common}. Two of them have ended, 2 and 4; one has a
     * time to live, 3.
     */
    public static List<MemoryItem> items() {
        return List.of(
                SampleItems.item(
                        1,
                        "common one",
                        origin("s1", Role.USER, "Alice"),
                        Set.of("red", "blue"),
                        Map.of("city", "Lyon", "age", 7L, "open", true)),
                until(
                        10,
                        SampleItems.item(
                                2,
                                "common two",
                                origin("s1", Role.ASSISTANT, "Bob"),
                                Set.of("red"),
                                Map.of("city", "lyon", "age", 7.5, "open", false))),
                SampleItems.item(
                                3,
                                "common three",
                                origin("s2", Role.USER, "Alice"),
                                Set.of(),
                                Map.of("city", "7", "list", List.of("a", "b", 3L)))
                        .expiring(Optional.of(SampleItems.time(30))),
                until(
                        20,
                        SampleItems.item(
                                4,
                                "common four",
                                new ItemOrigin("", Role.NONE, "", List.of(SourceReference.external("doc \"x\"'"))),
                                Set.of(),
                                Map.of("deep", Map.of("er", Map.of("city", "Lyon"))))),
                SampleItems.item(
                                5,
                                "common five",
                                origin("ζ 记忆 😀", Role.USER, "O'Neil \"Q\" %_"),
                                Set.of("a'b"),
                                Map.of("quote\"d", "x", "age", -3L))
                        .withStanding(Set.of(ItemType.PREFERENCE))
                        .withLabel(SensitivityLabel.of(Sensitivity.SECRET)));
    }

    /** The same item, which held until this minute. */
    private static MemoryItem until(long minute, MemoryItem item) {
        MemoryItem ended = item.next(
                item.state(),
                Optional.of(SampleItems.time(minute)),
                item.times().updatedAt());
        return new MemoryItem(
                item.cube(),
                item.id(),
                item.version(),
                item.type(),
                item.state(),
                item.text(),
                item.title(),
                item.origin(),
                ended.times(),
                item.tags(),
                item.metadata());
    }

    private static ItemOrigin origin(String session, Role role, String speaker) {
        return new ItemOrigin(session, role, speaker, List.of());
    }

    /** Filters with the numbers of the items that they choose. */
    public static Map<Filter, Set<Integer>> cases() {
        Map<Filter, Set<Integer>> cases = new LinkedHashMap<>();
        addFields(cases);
        addUntil(cases);
        addExpires(cases);
        addMetadata(cases);
        addTrees(cases);
        return cases;
    }

    private static void addFields(Map<Filter, Set<Integer>> cases) {
        cases.put(Filter.ALL, Set.of(1, 2, 3, 4, 5));
        cases.put(Filter.eq("id", SampleItems.id(3).toString()), Set.of(3));
        cases.put(Filter.eq("id", "not an id"), Set.of());
        cases.put(Filter.eq("type", "message"), Set.of(1, 2, 3, 5));
        cases.put(Filter.eq("type", "note"), Set.of(4));
        cases.put(Filter.type(ItemType.PREFERENCE), Set.of(5));
        cases.put(Filter.type(ItemType.INSTRUCTION), Set.of());
        cases.put(Filter.in("type", List.of("note", "preference", "instruction")), Set.of(4, 5));
        cases.put(Filter.not(Filter.in("type", List.of("preference", "profile"))), Set.of(1, 2, 3, 4));
        cases.put(Filter.eq("state", "activated"), Set.of(1, 2, 3, 4, 5));
        cases.put(Filter.eq("sensitivity", "secret"), Set.of(5));
        cases.put(Filter.eq("sensitivity", "internal"), Set.of(1, 2, 3, 4));
        cases.put(Filter.in("sensitivity", List.of("private", "secret")), Set.of(5));
        cases.put(Filter.in("sensitivity", List.of("internal", "secret")), Set.of(1, 2, 3, 4, 5));
        cases.put(Filter.not(Filter.in("sensitivity", List.of("private", "secret"))), Set.of(1, 2, 3, 4));
        cases.put(Filter.exists("sensitivity"), Set.of(1, 2, 3, 4, 5));
        cases.put(Filter.session("s1"), Set.of(1, 2));
        cases.put(Filter.session("S1"), Set.of());
        cases.put(Filter.session("ζ 记忆 😀"), Set.of(5));
        cases.put(Filter.session(""), Set.of(4));
        cases.put(Filter.eq("role", "user"), Set.of(1, 3, 5));
        cases.put(Filter.eq("role", "none"), Set.of(4));
        cases.put(Filter.speaker("Alice"), Set.of(1, 3));
        cases.put(Filter.speaker("O'Neil \"Q\" %_"), Set.of(5));
        cases.put(Filter.tag("red"), Set.of(1, 2));
        cases.put(Filter.tag("a'b"), Set.of(5));
        cases.put(Filter.eq("source", "doc \"x\"'"), Set.of(4));
        cases.put(new Compare("time", Operator.GTE, SampleItems.time(3)), Set.of(3, 4, 5));
        cases.put(new Compare("time", Operator.LT, SampleItems.time(3)), Set.of(1, 2));
        cases.put(new Compare("recorded", Operator.LTE, SampleItems.time(2)), Set.of(1, 2));
        cases.put(new Compare("updated", Operator.GT, SampleItems.time(4)), Set.of(5));
        cases.put(Filter.eq("time", SampleItems.time(2)), Set.of(2));
        cases.put(Filter.between(SampleItems.time(2), SampleItems.time(4)), Set.of(2, 3));
        cases.put(Filter.exists("session"), Set.of(1, 2, 3, 5));
        cases.put(Filter.exists("role"), Set.of(1, 2, 3, 5));
        cases.put(Filter.exists("tag"), Set.of(1, 2, 5));
        cases.put(Filter.exists("source"), Set.of(4));
        cases.put(Filter.exists("time"), Set.of(1, 2, 3, 4, 5));
    }

    /** Items 2 and 4 held until minute 10 and 20; no comparison holds for those that have no end. */
    private static void addUntil(Map<Filter, Set<Integer>> cases) {
        cases.put(new Compare("until", Operator.LT, SampleItems.time(10)), Set.of());
        cases.put(new Compare("until", Operator.LT, SampleItems.time(20)), Set.of(2));
        cases.put(new Compare("until", Operator.LTE, SampleItems.time(10)), Set.of(2));
        cases.put(new Compare("until", Operator.LTE, SampleItems.time(20)), Set.of(2, 4));
        cases.put(new Compare("until", Operator.GT, SampleItems.time(10)), Set.of(4));
        cases.put(new Compare("until", Operator.GT, SampleItems.time(20)), Set.of());
        cases.put(new Compare("until", Operator.GTE, SampleItems.time(10)), Set.of(2, 4));
        cases.put(new Compare("until", Operator.GTE, SampleItems.time(11)), Set.of(4));
        cases.put(Filter.eq("until", SampleItems.time(20)), Set.of(4));
        cases.put(Filter.eq("until", SampleItems.time(11)), Set.of());
        cases.put(Filter.in("until", List.of(SampleItems.time(10), SampleItems.time(20))), Set.of(2, 4));
        cases.put(Filter.in("until", List.of()), Set.of());
        cases.put(Filter.between(SampleItems.time(2), SampleItems.time(10)), Set.of(2, 3, 4, 5));
        cases.put(Filter.exists("until"), Set.of(2, 4));
        cases.put(Filter.not(Filter.exists("until")), Set.of(1, 3, 5));
        cases.put(Filter.not(new Compare("until", Operator.LTE, SampleItems.time(10))), Set.of(1, 3, 4, 5));
        cases.put(Filter.not(new Compare("until", Operator.GT, SampleItems.time(10))), Set.of(1, 2, 3, 5));
        cases.put(Filter.not(Filter.eq("until", SampleItems.time(20))), Set.of(1, 2, 3, 5));
        cases.put(
                Filter.and(
                        Filter.exists("until"), Filter.not(new Compare("until", Operator.LTE, SampleItems.time(10)))),
                Set.of(4));
    }

    /** Item 3 expires at minute 30. */
    private static void addExpires(Map<Filter, Set<Integer>> cases) {
        cases.put(new Compare("expires", Operator.LTE, SampleItems.time(29)), Set.of());
        cases.put(new Compare("expires", Operator.LTE, SampleItems.time(30)), Set.of(3));
        cases.put(Filter.not(new Compare("expires", Operator.LTE, SampleItems.time(30))), Set.of(1, 2, 4, 5));
        cases.put(new Compare("expires", Operator.GT, SampleItems.time(29)), Set.of(3));
        cases.put(Filter.exists("expires"), Set.of(3));
        cases.put(
                Filter.and(
                        Filter.session("s2"), Filter.not(new Compare("expires", Operator.LTE, SampleItems.time(29)))),
                Set.of(3));
    }

    private static void addMetadata(Map<Filter, Set<Integer>> cases) {
        cases.put(Filter.metadata("city", "Lyon"), Set.of(1));
        cases.put(Filter.metadata("city", 7L), Set.of());
        cases.put(Filter.metadata("age", 7), Set.of(1));
        cases.put(Filter.metadata("age", 7.0), Set.of(1));
        cases.put(Filter.metadata("age", "7"), Set.of());
        cases.put(Filter.metadata("open", true), Set.of(1));
        cases.put(Filter.metadata("open", false), Set.of(2));
        cases.put(Filter.metadata("list", "b"), Set.of(3));
        cases.put(Filter.metadata("list", 3), Set.of(3));
        cases.put(Filter.metadata("deep.er.city", "Lyon"), Set.of(4));
        cases.put(Filter.metadata("deep.er", "Lyon"), Set.of());
        cases.put(Filter.metadata("quote\"d", "x"), Set.of(5));
        cases.put(new Compare("metadata.age", Operator.GT, 7), Set.of(2));
        cases.put(new Compare("metadata.age", Operator.LTE, 7), Set.of(1, 5));
        cases.put(new Compare("metadata.age", Operator.LT, 0), Set.of(5));
        cases.put(new Compare("metadata.city", Operator.GTE, "Lz"), Set.of(2));
        cases.put(Filter.contains("metadata.city", "yon"), Set.of(1, 2));
        cases.put(Filter.contains("metadata.city", "Lyon"), Set.of(1));
        cases.put(Filter.contains("metadata.city", "%"), Set.of());
        cases.put(Filter.contains("metadata.city", "longer than any of the values"), Set.of());
        cases.put(Filter.contains("metadata.age", "7"), Set.of());
        cases.put(Filter.contains("metadata.list", "b"), Set.of(3));
        cases.put(Filter.contains("metadata.deep.er.city", "Ly"), Set.of(4));
        cases.put(Filter.contains("metadata.deep", "Ly"), Set.of());
        cases.put(Filter.contains("tag", "e"), Set.of(1, 2));
        cases.put(Filter.contains("tag", "'"), Set.of(5));
        cases.put(Filter.contains("session", "记"), Set.of(5));
        cases.put(Filter.contains("session", ""), Set.of(1, 2, 3, 5));
        cases.put(Filter.contains("speaker", "%_"), Set.of(5));
        cases.put(Filter.not(Filter.contains("speaker", "l")), Set.of(2, 4));
        cases.put(Filter.exists("metadata.age"), Set.of(1, 2, 5));
        cases.put(Filter.exists("metadata.deep.er"), Set.of(4));
        cases.put(Filter.exists("metadata.nothing"), Set.of());
    }

    private static void addTrees(Map<Filter, Set<Integer>> cases) {
        cases.put(Filter.not(Filter.session("s1")), Set.of(3, 4, 5));
        cases.put(Filter.not(Filter.metadata("age", 7)), Set.of(2, 3, 4, 5));
        cases.put(Filter.not(Filter.ALL), Set.of());
        cases.put(Filter.not(Filter.not(Filter.tag("red"))), Set.of(1, 2));
        cases.put(Filter.and(Filter.session("s1"), Filter.speaker("Alice")), Set.of(1));
        cases.put(Filter.or(Filter.session("s2"), Filter.tag("a'b")), Set.of(3, 5));
        cases.put(Filter.or(), Set.of());
        cases.put(Filter.in("session", List.of("s2", "s1")), Set.of(1, 2, 3));
        cases.put(Filter.in("session", List.of()), Set.of());
        cases.put(Filter.in("session", List.of("s2", "")), Set.of(3, 4));
        cases.put(Filter.in("tag", List.of("blue", "a'b")), Set.of(1, 5));
        cases.put(Filter.in("source", List.of("doc \"x\"'", "other")), Set.of(4));
        cases.put(Filter.in("role", List.of("none", "assistant")), Set.of(2, 4));
        cases.put(Filter.in("id", List.of(SampleItems.id(2).toString(), "nonsense")), Set.of(2));
        cases.put(Filter.in("time", List.of(SampleItems.time(1), SampleItems.time(5))), Set.of(1, 5));
        cases.put(
                Filter.in(
                        "speaker",
                        IntStream.range(0, 9_999)
                                .mapToObj(i -> "Alice".substring(i % 2))
                                .toList()),
                Set.of(1, 3));
        cases.put(
                Filter.or(IntStream.range(0, 500)
                        .mapToObj(i -> Filter.metadata("age", i))
                        .toArray(Filter[]::new)),
                Set.of(1));
        cases.put(Filter.in("metadata.age", List.of(7, -3)), Set.of(1, 5));
        cases.put(
                Filter.and(Filter.or(Filter.tag("red"), Filter.tag("blue")), Filter.not(Filter.speaker("Bob"))),
                Set.of(1));
    }
}
