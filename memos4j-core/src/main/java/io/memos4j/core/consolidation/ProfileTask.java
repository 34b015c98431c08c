package io.memos4j.core.consolidation;

import io.memos4j.api.ItemId;
import io.memos4j.api.items.Filter;
import io.memos4j.api.items.ItemState;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.ListRequest;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.items.Role;
import io.memos4j.core.consolidation.DerivedMemoryWriter.Content;
import io.memos4j.core.consolidation.DerivedMemoryWriter.MemoryKey;
import io.memos4j.core.consolidation.DerivedMemoryWriter.WriteResult;
import io.memos4j.core.history.ConsolidationMarker;
import io.memos4j.core.ingest.InputParser;
import io.memos4j.core.language.AttributeStatement;
import io.memos4j.core.language.StandingMemory;
import io.memos4j.core.language.TextEquality;
import io.memos4j.core.privacy.Redactor;
import io.memos4j.core.tasks.TaskHandler;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.core.tasks.TaskRun;
import io.memos4j.spi.CubeKey;
import io.memos4j.spi.vault.Vault;
import io.memos4j.spi.vault.VaultReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Maintains a profile of each user who speaks in a cube: their statements about themselves that hold now, in their own
 * words, the newest value of each attribute first, then their preferences and instructions. Archives a profile when
 * nothing is left of it. Thread-safe.
 */
public final class ProfileTask implements TaskHandler {
    private static final int MAX_STATEMENTS = 2_000;
    private static final int MAX_WANTED = 200;
    private static final int MAX_TOKENS = 150;
    private static final int MAX_CHARS = 200;
    private static final int MAX_PEOPLE = 50;

    /** Attributes listed first. */
    private static final List<String> LEADING_ATTRIBUTES =
            List.of("name", "residence", "occupation", "employer", "spouse", "birthplace");

    private static final Filter WANTED = Filter.and(
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.in("type", List.of(ItemType.PREFERENCE.id(), ItemType.INSTRUCTION.id())));

    private static final Filter PROFILES = Filter.and(
            Filter.type(ItemType.PROFILE),
            Filter.eq("state", ItemState.ACTIVATED.id()),
            Filter.metadata(ConsolidationMarker.KEY, ConsolidationMarker.PROFILE));

    private final Vault vault;
    private final InstantSource clock;
    private final DerivedMemoryWriter memoryWriter;

    public ProfileTask(Vault vault, DerivedMemoryWriter memoryWriter, InstantSource clock) {
        this.vault = vault;
        this.memoryWriter = memoryWriter;
        this.clock = clock;
    }

    /** A statement of a memory. */
    private record Sentence(MemoryItem item, String text) {}

    @Override
    public TaskOutcome run(TaskRun run) {
        Map<String, List<Sentence>> byPerson =
                vault.read(each -> statementsByPerson(each, run.cube().key()));
        int written = 0;
        boolean stale = false;
        for (var person : byPerson.entrySet()) {
            run.check();
            MemoryKey key = new MemoryKey(ItemType.PROFILE, ConsolidationMarker.PROFILE, person.getKey());
            Content content = content(person.getKey(), person.getValue());
            WriteResult kept = run.commit(writer -> memoryWriter.write(writer, run.cube(), key, content));
            written += kept == WriteResult.WRITTEN ? 1 : 0;
            stale |= kept == WriteResult.STALE;
        }
        String note = written + " profiles changed";
        return stale
                ? TaskOutcome.more(note + ", the sources of others have changed meanwhile")
                : TaskOutcome.done(note);
    }

    /** Collects the statements of each person, including people who have a profile but no statement that holds. */
    private static Map<String, List<Sentence>> statementsByPerson(VaultReader vault, CubeKey cube) {
        Map<String, List<Sentence>> byPerson = new TreeMap<>();
        vault.list(cube, ListRequest.first().where(PROFILES).limit(MAX_PEOPLE))
                .items()
                .forEach(profile -> byPerson.put(
                        String.valueOf(profile.metadata().get(DerivedMemoryWriter.ABOUT)), new ArrayList<>()));
        Redactor prompts =
                Redactor.forPrompts(vault.findCube(cube).orElseThrow().privacy());
        List<MemoryItem> statements = vault.items(cube, vault.itemsWithClaims(cube, MAX_STATEMENTS)).stream()
                .filter(item -> item.authorship().isOwner() && !prompts.hides(item))
                .toList();
        Set<String> people = new TreeSet<>(byPerson.keySet());
        statements.forEach(item -> addSpeaker(people, item));
        List<MemoryItem> wanted = vault
                .list(
                        cube,
                        ListRequest.first()
                                .where(WANTED)
                                .sortedBy(ListRequest.Sort.NEWEST)
                                .limit(MAX_WANTED))
                .items()
                .stream()
                .filter(item -> !prompts.hides(item))
                .toList();
        wanted.forEach(item -> addSpeaker(people, item));
        List<StandingMemory> standing = StandingMemory.current(wanted);
        Set<ItemId> read = wanted.stream().map(MemoryItem::id).collect(Collectors.toSet());
        for (String person : people.stream().limit(MAX_PEOPLE).toList()) {
            List<Sentence> all = new ArrayList<>();
            newestByAttribute(person, statements).stream()
                    .filter(item -> !read.contains(item.id()))
                    .forEach(item -> all.add(new Sentence(item, item.text())));
            standing.stream()
                    .filter(each -> speaker(each.item()).equals(person))
                    .forEach(each -> all.add(new Sentence(each.item(), each.text())));
            byPerson.put(person, all);
        }
        return byPerson;
    }

    private static void addSpeaker(Set<String> people, MemoryItem item) {
        if (item.origin().role() == Role.USER) {
            people.add(speaker(item));
        }
    }

    private static String speaker(MemoryItem item) {
        return item.origin().speaker().isEmpty()
                ? Role.USER.id()
                : item.origin().speaker();
    }

    /** Returns a person's newest statement about each attribute, the most important attributes first. */
    private static List<MemoryItem> newestByAttribute(String person, List<MemoryItem> statements) {
        String name = person.toLowerCase(Locale.ROOT);
        Map<String, MemoryItem> newest = new LinkedHashMap<>();
        statements.stream()
                .filter(item -> item.type() != ItemType.MESSAGE
                        || !item.standing().isEmpty()
                        || AttributeStatement.parse(item.text(), person).isPresent())
                .sorted(Comparator.comparing((MemoryItem item) -> item.times().occurredAt())
                        .reversed()
                        .thenComparing(MemoryItem::id))
                .forEach(item -> InputParser.parseStatement(item)
                        .map(AttributeStatement::key)
                        .filter(key -> key.startsWith(name + "\t") || key.startsWith(name + "'s "))
                        .ifPresent(key -> newest.putIfAbsent(key, item)));
        return newest.entrySet().stream()
                .sorted(Comparator.comparingInt(each -> attributeRank(each.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static int attributeRank(String key) {
        int at = LEADING_ATTRIBUTES.indexOf(key.substring(key.indexOf('\t') + 1));
        return at < 0 ? LEADING_ATTRIBUTES.size() : at;
    }

    private Content content(String person, List<Sentence> byPerson) {
        StringBuilder text = new StringBuilder();
        List<MemoryItem> sources = new ArrayList<>();
        Set<String> said = new HashSet<>();
        Set<ItemId> used = new HashSet<>();
        int tokens = 0;
        for (Sentence stated : byPerson) {
            MemoryItem item = stated.item;
            String sentence = toSentence(stated.text);
            int cost = LexRankSummarizer.estimateTokens(sentence) + 1;
            if (sentence.length() <= MAX_CHARS && tokens + cost <= MAX_TOKENS && said.add(TextEquality.key(sentence))) {
                text.append(text.isEmpty() ? person + ": " : " ").append(sentence);
                tokens += cost;
                if (used.add(item.id())) {
                    sources.add(item);
                }
            }
        }
        return new Content(
                text.isEmpty() ? "" : person,
                text.toString(),
                sources,
                sources.stream()
                        .map(item -> item.times().occurredAt())
                        .min(Comparator.naturalOrder())
                        .orElseGet(clock::instant),
                Map.of());
    }

    /** Returns the text on one line with a final punctuation mark. */
    private static String toSentence(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        char last = line.charAt(line.length() - 1);
        return Character.isLetterOrDigit(last) && !Character.isIdeographic(last)
                ? line + "."
                : Character.isIdeographic(last) ? line + "。" : line;
    }
}
