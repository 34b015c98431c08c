package io.memos4j.core;

import io.memos4j.api.ErrorCode;
import io.memos4j.api.MemoryException;
import io.memos4j.api.items.ItemType;
import io.memos4j.api.items.MemoryItem;
import io.memos4j.api.tasks.TaskKind;
import io.memos4j.core.consolidation.SummarizeTask;
import io.memos4j.core.tasks.ModelBudget;
import io.memos4j.core.tasks.TaskOutcome;
import io.memos4j.spi.models.LanguageModel;
import io.memos4j.spi.vault.ModelSpending;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests summaries by a language model: a good one, a lying one, a failing one, and one without budget. */
class LlmSummariesTest extends ConsolidationFixture {
    private static final String SESSION = "s-" + MARCH.getEpochSecond() / 86_400;
    private static final Pattern MESSAGE = Pattern.compile("⟦message (\\d+)[^⟧]*⟧\\n");
    private static final Pattern KNOWN = Pattern.compile("⟦known (\\d+)[^⟧]*⟧\\n");

    private static final long TOKENS_PER_DAY = 500_000;

    private final List<String> prompts = new ArrayList<>();

    private void tell(UnaryOperator<String> answer) {
        tell(TOKENS_PER_DAY, answer);
    }

    private void tell(long tokensPerDay, UnaryOperator<String> answer) {
        LanguageModel model = new LanguageModel() {
            @Override
            public String id() {
                return "scripted";
            }

            @Override
            public Completion complete(Prompt prompt) {
                prompts.add(prompt.user());
                return new Completion(answer.apply(prompt.user()), 100, 10, false);
            }
        };
        telling = Optional.of(
                new SummarizeTask.SummaryModel(model, new ModelBudget(tokensPerDay, 1_000, Clock.systemUTC())));
    }

    private static int first(Pattern pattern, String prompt) {
        Matcher matcher = pattern.matcher(prompt);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    private static String summary(String gist, String text, int source) {
        return """
                {"gist": "%s", "sentences": [{"text": "%s", "sources": [%d]}]}""".formatted(gist, text, source);
    }

    private void talk() {
        say("We renovate the kitchen of our flat in Lyon.", MARCH);
        say("The carpenter is called Paul.", MARCH.plusSeconds(1));
        say("The cupboards are made of oak.", MARCH.plusSeconds(2));
        say("It costs 12000 euros.", MARCH.plusSeconds(3));
    }

    private MemoryItem summary() {
        return ofType(ItemType.SUMMARY).getFirst();
    }

    @Test
    void aModelTellsASummaryThatNamesItsSourcesAndItsPrompt() {
        talk();
        tell(prompt -> summary("Kitchen in Lyon", "Alice renovates the kitchen in Lyon.", first(MESSAGE, prompt)));
        assertThat(run(TaskKind.SUMMARIZE, SESSION)).isInstanceOf(TaskOutcome.Done.class);
        assertThat(summary().title()).isEqualTo("Kitchen in Lyon");
        assertThat(summary().text()).isEqualTo("2025-03-04 Alice renovates the kitchen in Lyon.");
        assertThat(summary().origin().sources()).hasSize(1);
        assertThat(cube.explain(summary().id()).text())
                .contains("read by scripted with prompt summarise-en summary-1 ");
        assertThat(spent()).isEqualTo(new ModelSpending(1, 110));
    }

    private ModelSpending spent() {
        LocalDate today = Instant.now().atZone(ZoneOffset.UTC).toLocalDate();
        return engine.storage.vault.read(reader -> reader.spending(row.key(), today));
    }

    @Test
    void onlyTheFormerSummaryAndTheNewMessagesAreShownAgain() {
        talk();
        tell(prompt -> summary("Kitchen in Lyon", "Alice renovates the kitchen in Lyon.", first(MESSAGE, prompt)));
        run(TaskKind.SUMMARIZE, SESSION);
        run(TaskKind.SUMMARIZE, SESSION);
        assertThat(prompts).hasSize(1);
        say("Paul fell ill, so everything waits until June.", MARCH.plusSeconds(60));
        tell(prompt -> """
                {"gist": "Kitchen in Lyon waits", "sentences": [
                  {"text": "2025-03-04 Alice renovates the kitchen in Lyon.", "sources": [%d]},
                  {"text": "Paul fell ill.", "sources": [%d]}]}
                """.formatted(first(KNOWN, prompt), first(MESSAGE, prompt)));
        run(TaskKind.SUMMARIZE, SESSION);
        assertThat(prompts.getLast()).contains("Paul fell ill").doesNotContain("cupboards");
        assertThat(summary().version()).isEqualTo(2);
        assertThat(summary().text())
                .isEqualTo("2025-03-04 Alice renovates the kitchen in Lyon.\n2025-03-04 Paul fell ill.");
        assertThat(summary().origin().sources()).hasSize(2);
    }

    @Test
    void whatNoMessageCarriesIsNotKeptAndTheSummaryIsQuotedInstead() {
        talk();
        tell(prompt -> summary("Divorce", "Alice left Bernard in Marseille for 40000 euros.", first(MESSAGE, prompt)));
        assertThat(run(TaskKind.SUMMARIZE, SESSION).note()).contains("without the model");
        assertThat(summary().text()).contains("Alice: We renovate the kitchen").doesNotContain("Bernard");
        assertThat(spent().calls()).isEqualTo(1);
    }

    @Test
    void aModelThatFailsLeavesTheSummaryThatItHasTold() {
        talk();
        tell(prompt -> summary("Kitchen in Lyon", "Alice renovates the kitchen in Lyon.", first(MESSAGE, prompt)));
        run(TaskKind.SUMMARIZE, SESSION);
        MemoryItem told = summary();
        say("Paul fell ill, so everything waits until June.", MARCH.plusSeconds(60));
        tell(prompt -> {
            throw new MemoryException(ErrorCode.MODEL_FAILED, "No connection.");
        });
        assertThatThrownBy(() -> run(TaskKind.SUMMARIZE, SESSION)).hasMessage("No connection.");
        assertThat(summary()).isEqualTo(told);
        assertThat(spent().calls()).isEqualTo(2);
    }

    @Test
    void aSpentBudgetWaitsForTheNextDayWithAQuotedSummary() {
        talk();
        tell(1, prompt -> summary("Kitchen in Lyon", "Alice renovates the kitchen in Lyon.", first(MESSAGE, prompt)));
        engine.storage.vault.write(writer -> {
            writer.addSpending(row.key(), Instant.now().atZone(ZoneOffset.UTC).toLocalDate(), new ModelSpending(1, 5));
            return true;
        });
        assertThat(run(TaskKind.SUMMARIZE, SESSION)).isInstanceOf(TaskOutcome.Wait.class);
        assertThat(prompts).isEmpty();
        assertThat(summary().text()).contains("Alice: We renovate the kitchen");
    }
}
