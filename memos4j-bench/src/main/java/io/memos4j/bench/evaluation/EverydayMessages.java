package io.memos4j.bench.evaluation;

import io.memos4j.api.items.Message;
import io.memos4j.api.items.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Generates messages that people send to an assistant all day and that nobody asks about later: greetings, thanks,
 * reminders, small talk, and statements repeated in the same or nearly the same words. Deterministic by seed.
 */
final class EverydayMessages {
    private static final int TURNS = 20;
    private static final int STATEMENTS = 400;

    private static final List<String> GREETINGS = List.of(
            "Good morning!",
            "Hi there",
            "Hey, are you around?",
            "Good evening!",
            "Thanks a lot!",
            "Thank you so much, that helps.",
            "ok",
            "Okay, sounds good.",
            "Great, thanks!",
            "Perfect.",
            "Got it, thank you.",
            "Good night!",
            "See you tomorrow.",
            "haha nice",
            "No worries.",
            "Alright, talk to you later.");

    private static final List<String> REPLIES = List.of(
            "You're welcome!",
            "Sure, I have noted that.",
            "Good morning! How can I help you today?",
            "Of course. Is there anything else I can do for you?",
            "Happy to help!",
            "Done. Let me know if you need anything else.",
            "Good night, sleep well!",
            "That sounds lovely, enjoy it.");

    private static final List<String> PEOPLE = List.of(
            "my sister", "my neighbour", "my boss", "the plumber", "my aunt", "the landlord", "my trainer", "grandpa");
    private static final List<String> THINGS = List.of(
            "the kitchen tap",
            "the blue bicycle",
            "the spare key",
            "the tax letter",
            "the garden hose",
            "the library book",
            "the winter coat",
            "the coffee machine",
            "the train ticket",
            "the house plants");
    private static final List<String> PLACES = List.of(
            "at the market",
            "in the office",
            "at home",
            "in the park",
            "on the tram",
            "at the gym",
            "in the cellar",
            "by the river");
    private static final List<String> MEALS =
            List.of("noodles", "lentil soup", "a salad", "leftovers", "pancakes", "tomato rice", "a sandwich", "curry");
    private static final List<String> MOODS =
            List.of("tired", "quite happy", "a bit stressed", "relaxed", "hungry", "full of energy", "bored", "fine");
    private static final List<String> WEATHER =
            List.of("grey and wet", "sunny", "windy", "freezing", "foggy", "mild", "far too hot", "stormy");
    private static final List<String> DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final List<String> AGAIN =
            List.of("", "", "", "Well, ", "As I said, ", "You know, ", "Just so you know, ", "Oh, ");

    private final RandomGenerator random;

    EverydayMessages(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Returns message {@code number}, spaced evenly from {@code start}; a session has {@value #TURNS} messages. */
    Message next(int number, Instant start, Duration pause) {
        Instant at = start.plus(pause.multipliedBy(number));
        boolean assistant = number % 4 == 3;
        String text = assistant ? reply() : userText();
        return Message.of(assistant ? Role.ASSISTANT : Role.USER, text)
                .by(assistant ? "assistant" : "Nora")
                .in("everyday-" + number / TURNS)
                .at(at);
    }

    private String userText() {
        int kind = random.nextInt(100);
        if (kind < 25) {
            return one(GREETINGS);
        }
        if (kind < 50) {
            // A few statements are frequent, many are rare.
            return one(AGAIN) + statement((int) (STATEMENTS * Math.pow(random.nextDouble(), 3)));
        }
        if (kind < 65) {
            return "Remind me to take care of " + one(THINGS) + " on " + one(DAYS) + ".";
        }
        if (kind < 75) {
            return "What should I do with " + one(THINGS) + " " + one(PLACES) + "?";
        }
        return smallTalk();
    }

    private String reply() {
        return random.nextInt(100) < 60
                ? one(REPLIES)
                : "For " + one(MEALS) + " you could start with what is left " + one(PLACES) + ", and then see to "
                        + one(THINGS) + ".";
    }

    private String smallTalk() {
        return switch (random.nextInt(4)) {
            case 0 -> "It is " + one(WEATHER) + " here today and I am " + one(MOODS) + ".";
            case 1 ->
                "I had " + one(MEALS) + " with " + one(PEOPLE) + " " + one(PLACES) + " and felt " + one(MOODS) + ".";
            case 2 -> "Ran into " + one(PEOPLE) + " " + one(PLACES) + ", we talked about " + one(THINGS) + " for ages.";
            default -> "Still " + one(MOODS) + ", the day was long and it stayed " + one(WEATHER) + ".";
        };
    }

    private static String statement(int number) {
        String thing = THINGS.get(number % THINGS.size());
        String person = PEOPLE.get(number / 7 % PEOPLE.size());
        String place = PLACES.get(number / 3 % PLACES.size());
        return switch (number % 5) {
            case 0 -> person + " keeps " + thing + " " + place + ", on shelf " + number + ".";
            case 1 ->
                "I usually eat " + MEALS.get(number / 5 % MEALS.size()) + " " + place + " at table " + number + ".";
            case 2 -> "The code for " + thing + " of " + person + " is " + (1_000 + 7 * number) + ".";
            case 3 -> "On " + DAYS.get(number % 7) + "s I meet " + person + " " + place + ", tram line " + number + ".";
            default -> thing + " belongs to " + person + " and stays " + place + ", number " + number + ".";
        };
    }

    private String one(List<String> pool) {
        return pool.get(random.nextInt(pool.size()));
    }
}
