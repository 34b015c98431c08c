package io.memos4j.core.kvcache;

import java.util.Locale;

/** The features of an access, each quantized into a few steps; step 0 means "unknown" where a value can be missing. */
enum ReuseFeature {
    USES(1.5, 2.5, 4.5, 8.5, 16.5) {
        @Override
        double value(Context now) {
            return now.key().uses();
        }

        @Override
        String describe(KeyHistory key) {
            return "used " + key.uses() + (key.uses() == 1 ? " time" : " times") + " so far";
        }
    },
    WORTH(-.5, .125, .375, .625, .875) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().keptShare());
        }

        @Override
        String describe(KeyHistory key) {
            return Double.isNaN(key.keptShare())
                    ? "it is unknown yet whether keeping it pays off"
                    : format("keeping it paid off in %.0f %% of recent cases", 100 * key.keptShare());
        }
    },
    DISTANCE(-.5, .25, .5, 1, 2, 4, 16) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().typicalGap() / now.budget());
        }

        @Override
        String describe(KeyHistory key) {
            return Double.isNaN(key.typicalGap())
                    ? "it is used for the first time"
                    : format("%.0f MB of other traffic lie between its uses", key.typicalGap() / 1e6);
        }
    },
    RHYTHM(-.5, .5, 2, 8) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().gap() / Math.max(1, now.key().typicalGap()));
        }

        @Override
        String describe(KeyHistory key) {
            return Double.isNaN(key.gap())
                    ? "it has no regular interval yet"
                    : format("it came after %.1f times its usual interval", key.gap() / Math.max(1, key.typicalGap()));
        }
    },
    PAUSE(-.5, 60, 600, 7_200, 43_200, 172_800) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().typicalPause());
        }

        @Override
        String describe(KeyHistory key) {
            return Double.isNaN(key.typicalPause())
                    ? "it is used for the first time"
                    : format("it is used about every %.1f hours", key.typicalPause() / 3600);
        }
    },
    HOURS(-.5, .0625, .25, .5) {
        @Override
        double value(Context now) {
            return now.key().visits() < 4 ? -1 : now.key().shareOfComingHours();
        }

        @Override
        String describe(KeyHistory key) {
            return key.visits() < 4
                    ? "it was used in too few hours to know a daily pattern"
                    : format("%.0f %% of its uses fall into these hours of the day", 100 * key.shareOfComingHours());
        }
    },
    IN_SESSION(1.5, 3.5, 8.5) {
        @Override
        double value(Context now) {
            return now.key().usesInSession();
        }

        @Override
        String describe(KeyHistory key) {
            return "used " + key.usesInSession() + (key.usesInSession() == 1 ? " time" : " times") + " in this session";
        }
    },
    SESSION(-.5, .5, 4.5, 16.5, 64.5) {
        @Override
        double value(Context now) {
            return now.session().resumed() ? -1 : now.session().requests();
        }

        @Override
        String describe(KeyHistory key) {
            return "sessions typically behave this way at this point";
        }
    };

    /** The number of steps of all features together. */
    static final int STEPS_IN_ALL = countSteps(values().length);

    private final double[] bounds;

    ReuseFeature(double... bounds) {
        this.bounds = bounds;
    }

    /** The state that features are computed from. */
    record Context(KeyHistory key, SessionHistory session, long budget) {}

    abstract double value(Context now);

    /** Describes the value of this feature as the end of a sentence. */
    abstract String describe(KeyHistory key);

    /** Returns the step of each feature, numbered across all features. */
    static int[] extract(Context now) {
        ReuseFeature[] all = values();
        int[] steps = new int[all.length];
        int first = 0;
        for (int i = 0; i < all.length; i++) {
            steps[i] = first + all[i].step(all[i].value(now));
            first += all[i].bounds.length + 1;
        }
        return steps;
    }

    private int step(double value) {
        int step = 0;
        while (step < bounds.length && value > bounds[step]) {
            step++;
        }
        return step;
    }

    private static int countSteps(int count) {
        int steps = 0;
        for (int i = 0; i < count; i++) {
            steps += values()[i].bounds.length + 1;
        }
        return steps;
    }

    private static double orUnknown(double value) {
        return Double.isNaN(value) ? -1 : value;
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
