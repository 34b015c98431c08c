package io.memos4j.core.kvcache;

/** The features of an access, each quantized into a few steps; step 0 means "unknown" where a value can be missing. */
enum ReuseFeature {
    USES(1.5, 2.5, 4.5, 8.5, 16.5) {
        @Override
        double value(Context now) {
            return now.key().uses();
        }
    },
    WORTH(-.5, .125, .375, .625, .875) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().keptShare());
        }
    },
    DISTANCE(-.5, .25, .5, 1, 2, 4, 16) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().typicalGap() / now.budget());
        }
    },
    RHYTHM(-.5, .5, 2, 8) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().gap() / Math.max(1, now.key().typicalGap()));
        }
    },
    PAUSE(-.5, 60, 600, 7_200, 43_200, 172_800) {
        @Override
        double value(Context now) {
            return orUnknown(now.key().typicalPause());
        }
    },
    HOURS(-.5, .0625, .25, .5) {
        @Override
        double value(Context now) {
            return now.key().visits() < 4 ? -1 : now.key().shareOfComingHours();
        }
    },
    IN_SESSION(1.5, 3.5, 8.5) {
        @Override
        double value(Context now) {
            return now.key().usesInSession();
        }
    },
    SESSION(-.5, .5, 4.5, 16.5, 64.5) {
        @Override
        double value(Context now) {
            return now.session().resumed() ? -1 : now.session().requests();
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
}
