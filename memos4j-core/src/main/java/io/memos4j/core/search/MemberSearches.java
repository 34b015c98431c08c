package io.memos4j.core.search;

import io.memos4j.api.CubeId;
import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.Warning;
import io.memos4j.api.search.SearchRequest;
import io.memos4j.core.search.ScoreFusion.FusedCandidate;
import io.memos4j.core.search.SearchService.Parts;
import io.memos4j.spi.index.CubeIndex.Ranking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The cubes of one composite search, asked side by side on virtual threads. Whoever fails or is late takes no further
 * part, and a warning names it; what a late one still does is waited for when the engine closes. Only if every one
 * fails does the search fail.
 */
final class MemberSearches {
    /** The share of the deadline that a member has for its rankings; the rest is for handing them over. */
    private static final double OWN_TIME = 0.9;

    /** Longer than anything takes that has no deadline. */
    private static final Duration LONG = Duration.ofDays(1);

    private final Parts parts;
    private final SearchRequest request;
    private final SearchTrace trace;
    private final List<Member> present = new ArrayList<>();
    private Optional<MemoryException> failure = Optional.empty();
    private boolean late;

    /** A cube with its part of the search, which begins when the cube is first asked. */
    static final class Member {
        private final SearchScope scope;
        private final Function<SearchScope, CubeSearch> begin;
        private Optional<CubeSearch> begun = Optional.empty();

        Member(SearchScope scope, Function<SearchScope, CubeSearch> begin) {
            this.scope = scope;
            this.begin = begin;
        }

        CubeId id() {
            return scope.id();
        }

        synchronized CubeSearch search() {
            if (begun.isEmpty()) {
                begun = Optional.of(begin.apply(scope));
            }
            return begun.get();
        }
    }

    MemberSearches(Parts parts, Collection<SearchScope> scopes, SearchRequest request, SearchTrace trace) {
        this.parts = parts;
        this.request = request;
        this.trace = trace;
        long own = Math.max(1, (long) (OWN_TIME * request.deadline().toNanos()));
        SearchRequest part = request.within(Duration.ofNanos(own));
        scopes.forEach(scope -> present.add(new Member(
                scope,
                each -> new CubeSearch(
                        parts,
                        each.row().get(),
                        part,
                        new CurrentView(each.row().get().key())))));
    }

    /** Those that take part still, in the order in which they were named. */
    List<Member> present() {
        return List.copyOf(present);
    }

    /** What the members met with, each with the names of its cubes. */
    List<Warning> warnings() {
        Map<Warning, List<String>> cubes = new LinkedHashMap<>();
        present.forEach(member -> member.search()
                .warnings()
                .forEach(each ->
                        cubes.computeIfAbsent(each, key -> new ArrayList<>()).add("'" + member.id() + "'")));
        return cubes.entrySet().stream()
                .map(each -> new Warning(
                        each.getKey().code(),
                        (each.getValue().size() == 1 ? "Cube " : "Cubes ") + String.join(", ", each.getValue()) + ": "
                                + each.getKey().message()))
                .toList();
    }

    /** Asks all, and goes on at the deadline with those that have answered. */
    <T> Map<Member, T> inTime(SearchDeadline deadline, Function<CubeSearch, T> work) {
        Map<Member, Supplier<T>> works = new LinkedHashMap<>();
        present.forEach(member -> works.put(member, () -> work.apply(member.search())));
        return answers(works, deadline);
    }

    /** Asks all for what is soon done, and waits. */
    <T> Map<Member, T> all(Function<CubeSearch, T> work) {
        return inTime(SearchDeadline.after(LONG), work);
    }

    /** Lets each do its part of what is soon done, and waits. */
    <P, T> Map<Member, T> each(Map<Member, List<P>> shares, BiFunction<CubeSearch, List<P>, T> work) {
        Map<Member, Supplier<T>> works = new LinkedHashMap<>();
        shares.forEach((member, share) -> {
            if (present.contains(member)) {
                works.put(member, () -> work.apply(member.search(), share));
            }
        });
        return answers(works, SearchDeadline.after(LONG));
    }

    private <T> Map<Member, T> answers(Map<Member, Supplier<T>> works, SearchDeadline deadline) {
        Map<Member, Future<T>> asked = new LinkedHashMap<>();
        works.forEach((member, work) -> asked.put(member, parts.parallel().submit(work::get)));
        Map<Member, T> answers = new LinkedHashMap<>();
        asked.forEach((member, answer) ->
                await(member, answer, deadline.remaining()).ifPresent(value -> answers.put(member, value)));
        if (present.isEmpty() && !late) {
            failure.ifPresent(first -> {
                throw new MemoryException(first.code(), first.getMessage(), first);
            });
        }
        return answers;
    }

    /** Runs a stage on the hits of each cube for itself; the result is in order of scores. */
    List<RankedItem> byCube(List<RankedItem> ranked, BiFunction<CubeSearch, List<RankedItem>, List<RankedItem>> stage) {
        Map<Member, List<RankedItem>> shares = new LinkedHashMap<>();
        ranked.forEach(found -> owner(found)
                .ifPresent(member ->
                        shares.computeIfAbsent(member, key -> new ArrayList<>()).add(found)));
        return each(shares, stage).values().stream()
                .flatMap(List::stream)
                .sorted(RankedItem.BEST_FIRST)
                .toList();
    }

    private Optional<Member> owner(RankedItem found) {
        return present.stream()
                .filter(member -> member.id().equals(found.item().cube()))
                .findFirst();
    }

    String excerpt(RankedItem found) {
        return owner(found).map(member -> member.search().excerpt(found)).orElse("");
    }

    /** What does not depend on the cube is asked of any one. */
    private CubeSearch any() {
        return present.getFirst().search();
    }

    int limit() {
        return any().limit();
    }

    List<FusedCandidate> fuse(Ranking lexical, Ranking dense) {
        return any().fuse(lexical, dense);
    }

    List<FusedCandidate> head(List<FusedCandidate> fused) {
        return any().head(fused);
    }

    boolean gather(List<RankedItem> ranked) {
        return any().gathers(ranked);
    }

    private <T> Optional<T> await(Member member, Future<T> answer, Duration patience) {
        try {
            return Optional.of(answer.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            late = true;
            leave(
                    member,
                    "member_late",
                    "did not answer within " + request.deadline() + " and is left out. Allow more time.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MemoryException(ErrorCode.INTERRUPTED, "The search was interrupted.", e);
        } catch (ExecutionException e) {
            MemoryException known = known(e);
            failure = Optional.of(failure.orElse(known));
            leave(member, "member_unavailable", "could not be searched and is left out: " + known.getMessage());
        }
        return Optional.empty();
    }

    /**
     * What goes wrong in a cube concerns the cube; what closes or interrupts the engine, or is a fault of ours, the
     * whole search.
     */
    private static MemoryException known(ExecutionException e) {
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

    private void leave(Member member, String code, String what) {
        present.remove(member);
        trace.warn(code, "Cube '" + member.id() + "' " + what);
    }
}
