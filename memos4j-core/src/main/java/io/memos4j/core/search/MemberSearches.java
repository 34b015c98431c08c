package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.items.MemoryItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The cubes of one search. A single cube is searched on the calling thread, and its failure is the failure of the
 * search. Several are searched in parallel on virtual threads: one that fails or is late is left out with a warning
 * that names it, and the search fails only if all of them fail. Work of a late cube that is still running ends with the
 * engine at the latest.
 */
final class MemberSearches {
    /** Longer than any work that has no deadline takes. */
    private static final Duration LONG = Duration.ofDays(1);

    private final SearchContext search;
    private final ExecutorService parallel;
    private final List<Member> present;
    private final boolean single;
    private Optional<MemoryException> failure = Optional.empty();
    private boolean late;

    /** A cube with its part of the search, which starts when the cube is first asked. */
    static final class Member {
        private final SearchScope scope;
        private final Function<SearchScope.Opened, CubeSearch> starter;
        private Optional<CubeSearch> started = Optional.empty();

        private Member(SearchScope scope, Function<SearchScope.Opened, CubeSearch> starter) {
            this.scope = scope;
            this.starter = starter;
        }

        CubeId id() {
            return scope.id();
        }

        synchronized CubeSearch search() {
            if (started.isEmpty()) {
                started = Optional.of(starter.apply(scope.open()));
            }
            return started.get();
        }
    }

    /** @param starter starts the part of one cube, with the context in which it is searched */
    MemberSearches(
            List<SearchScope> scopes,
            SearchContext search,
            BiFunction<SearchScope.Opened, SearchContext, CubeSearch> starter,
            ExecutorService parallel) {
        this.search = search;
        this.parallel = parallel;
        this.single = scopes.size() == 1;
        this.present = new ArrayList<>(scopes.stream()
                .map(scope -> new Member(scope, opened -> starter.apply(opened, single ? search : search.forMember())))
                .toList());
    }

    /** Tells whether only one cube is searched. */
    boolean isSingle() {
        return single;
    }

    /** The cubes that still take part, in the order in which they were named. */
    List<Member> present() {
        return List.copyOf(present);
    }

    /** The warnings that cubes among several have collected, each with the names of its cubes. */
    List<Warning> warnings() {
        if (single) {
            return List.of();
        }
        Map<Warning, List<String>> cubes = new LinkedHashMap<>();
        present.forEach(member -> member.search()
                .warnings()
                .forEach(each -> cubes.computeIfAbsent(each, warning -> new ArrayList<>())
                        .add("'" + member.id() + "'")));
        List<Warning> warnings = new ArrayList<>();
        cubes.forEach((warning, names) -> warnings.add(new Warning(
                warning.code(),
                (names.size() == 1 ? "Cube " : "Cubes ") + String.join(", ", names) + ": " + warning.message())));
        return warnings;
    }

    /** Asks all cubes, and goes on at the deadline with those that have answered. */
    <T> Map<Member, T> askInTime(Function<CubeSearch, T> work) {
        return answers(present, member -> work.apply(member.search()), search.deadline());
    }

    /** Asks all cubes for work that ends soon, and waits. */
    <T> Map<Member, T> askAll(Function<CubeSearch, T> work) {
        return answers(present, member -> work.apply(member.search()), SearchDeadline.after(LONG));
    }

    /** Gives each cube its share of work that ends soon, and waits. */
    <P, T> Map<Member, T> askEach(Map<Member, List<P>> shares, BiFunction<CubeSearch, List<P>, T> work) {
        List<Member> asked = shares.keySet().stream().filter(present::contains).toList();
        return answers(
                asked,
                member -> work.apply(member.search(), shares.getOrDefault(member, List.of())),
                SearchDeadline.after(LONG));
    }

    private <T> Map<Member, T> answers(List<Member> asked, Function<Member, T> work, SearchDeadline deadline) {
        Map<Member, T> answers = new LinkedHashMap<>();
        if (single) {
            asked.forEach(member -> answers.put(member, work.apply(member)));
            return answers;
        }
        Map<Member, Future<T>> pending = new LinkedHashMap<>();
        asked.forEach(member -> pending.put(member, parallel.submit(() -> work.apply(member))));
        pending.forEach((member, answer) ->
                await(member, answer, deadline.remaining()).ifPresent(value -> answers.put(member, value)));
        if (present.isEmpty() && !late) {
            failure.ifPresent(first -> {
                throw new MemoryException(first.code(), first.getMessage(), first);
            });
        }
        return answers;
    }

    /** Runs a stage on the hits of each cube separately; the result is ordered by score. */
    List<RankedItem> byCube(List<RankedItem> ranked, BiFunction<CubeSearch, List<RankedItem>, List<RankedItem>> stage) {
        return askEach(byOwner(ranked), stage).values().stream()
                .flatMap(List::stream)
                .sorted(RankedItem.BEST_FIRST)
                .toList();
    }

    /** The hits by the cube that they are from. */
    Map<Member, List<RankedItem>> byOwner(List<RankedItem> ranked) {
        Map<Member, List<RankedItem>> shares = new LinkedHashMap<>();
        ranked.forEach(found -> owner(found.item())
                .ifPresent(member ->
                        shares.computeIfAbsent(member, key -> new ArrayList<>()).add(found)));
        return shares;
    }

    /** The cube that an item is from; empty if it was left out meanwhile. */
    Optional<Member> owner(MemoryItem item) {
        CubeId cube = item.cube();
        return present.stream().filter(each -> single || each.id().equals(cube)).findFirst();
    }

    private <T> Optional<T> await(Member member, Future<T> answer, Duration patience) {
        try {
            return Optional.of(answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            late = true;
            leaveOut(
                    member,
                    "member_late",
                    "did not answer within " + search.request().deadline() + " and is left out. Allow more time.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
        } catch (ExecutionException e) {
            MemoryException cubeFailure = cubeFailure(e);
            failure = Optional.of(failure.orElse(cubeFailure));
            leaveOut(
                    member, "member_unavailable", "could not be searched and is left out: " + cubeFailure.getMessage());
        }
        return Optional.empty();
    }

    /**
     * The failure of one cube, which leaves the others searchable.
     *
     * @throws RuntimeException if the failure concerns the whole search: the engine closes, the caller is interrupted,
     *     or the code is wrong
     */
    private static MemoryException cubeFailure(ExecutionException e) {
        if (e.getCause() instanceof MemoryException known
                && known.code() != ErrorCode.CLOSED
                && known.code() != ErrorCode.INTERRUPTED) {
            return known;
        }
        if (e.getCause() instanceof RuntimeException fault) {
            throw fault;
        }
        throw new IllegalStateException("A member of the composite failed.", e);
    }

    private void leaveOut(Member member, String code, String what) {
        present.remove(member);
        search.trace().warn(code, "Cube '" + member.id() + "' " + what);
    }
}
