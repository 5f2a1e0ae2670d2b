package barograph.query.exec;

import barograph.query.ast.Expr.RangeMode;
import barograph.query.function.Absence;
import barograph.query.function.ExtendedWindows;
import barograph.query.function.RangeFunction;
import barograph.query.function.Window;
import barograph.query.function.WindowFunction;
import barograph.query.plan.Place;
import barograph.query.plan.Timing;
import barograph.query.plan.VectorPlan;
import barograph.query.value.NumberText;
import barograph.query.window.HistogramSamples;
import barograph.storage.Selection;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function over windows: one series after the other, the window moved over all steps.
final class WindowOperator implements VectorOperator {
  /// Work is told to the meter in parts of about so much.
  private static final int WORK_PER_NOTE = 1 << 10;

  private static final HistogramSamples NO_HISTOGRAMS = new HistogramSamples();

  private final Evaluation evaluation;
  private final WindowSource source;
  private final List<ScalarOperator> parameters;
  private final RangeFunction function;
  private final RangeMode mode;
  private final Grid grid;
  private final Timing timing;
  private final long rangeMillis;
  private final Place place;
  private final HistogramNotes histogramNotes;
  private final @Nullable Set<String> wanted;

  /// @param wanted names of the labels that are looked at later; null if all may be
  WindowOperator(
      Operators operators, VectorPlan.OverWindow plan, Grid grid, @Nullable Set<String> wanted) {
    this.wanted = wanted;
    this.evaluation = operators.evaluation();
    this.source = operators.windows(plan.range(), grid);
    this.parameters = plan.parameters().stream().map(p -> operators.scalar(p, grid)).toList();
    this.function = plan.function();
    this.mode = plan.range().mode();
    checkMode(mode, function.symbol());
    this.grid = grid;
    this.timing = plan.range().timing();
    this.rangeMillis = plan.range().rangeMillis();
    this.place = plan.place();
    this.histogramNotes = new HistogramNotes(evaluation.notes(), place);
  }

  /// Refuses a function that has no meaning over windows with such edges.
  static void checkMode(RangeMode mode, String function) {
    if (mode != RangeMode.PLAIN) {
      String complaint = ExtendedWindows.complaint(function, mode == RangeMode.SMOOTHED);
      if (!complaint.isEmpty()) {
        throw EvaluationException.noResult(complaint);
      }
    }
  }

  @Override
  public void run(SeriesSink sink) {
    double[] first = parameters.isEmpty() ? new double[0] : parameters.get(0).run();
    double[] second = parameters.size() < 2 ? first : parameters.get(1).run();
    long[] ends = evaluation.timesLookedAt(timing, grid);
    if (source instanceof StoredWindows stored) {
      var selection = stored.open();
      new SeriesCrew(evaluation, grid)
          .run(
              selection,
              () -> task(stored, selection, first, second, ends),
              (series, column) -> push(labelsOf(selection, series), false, first, column, sink));
      return;
    }
    var column = evaluation.column(grid.steps());
    var slider = new Slider(first, second, ends);
    source.run((labels, dropsName, samples, histograms) -> {
      column.dropHistograms();
      boolean any =
          histograms.size() > 0
              ? slider.slideHistograms(labels, samples, histograms, column)
              : slider.slide(samples, column.values());
      if (any) {
        push(labels, dropsName, first, column, sink);
      }
    });
  }

  private Labels labelsOf(Selection selection, int series) {
    return wanted == null ? selection.labels(series) : selection.labels(series, wanted);
  }

  private SeriesCrew.Task task(
      StoredWindows stored, Selection selection, double[] first, double[] second, long[] ends) {
    var slider = new Slider(first, second, ends);
    var samples = new SampleColumns();
    var histograms = new HistogramSamples();
    var thinning = WindowEdges.of(function, mode, timing, grid, rangeMillis);
    return (series, column) -> {
      long leftOut =
          stored.readThinned(selection, series, thinning, samples, histograms, slider.meter);
      slider.window.leftOut(leftOut);
      if (histograms.size() > 0) {
        return slider.slideHistograms(selection.labels(series), samples, histograms, column);
      }
      return samples.size() > 0 && slider.slide(samples, column.values());
    };
  }

  private void push(
      Labels labels, boolean dropsName, double[] parameter, Column column, SeriesSink sink) {
    note(labels, parameter, column);
    sink.accept(
        function.keepsName() ? labels : evaluation.dropped(labels),
        function.keepsName() ? dropsName : evaluation.namesDropLate(),
        column);
  }

  /// Moves the window over one series at a time; one for each thread.
  private final class Slider {
    private final WindowFunction computed = function.fresh();
    private final Window window = new Window();
    private final Budget.Meter meter = evaluation.budget().meter();
    private final double[] first;
    private final double[] second;

    /// Where the windows of all steps end.
    private final long[] ends;

    private Slider(double[] first, double[] second, long[] ends) {
      this.first = first;
      this.second = second;
      this.ends = ends;
    }

    boolean slide(SampleColumns samples, double[] into) {
      return mode == RangeMode.PLAIN ? slideInside(samples, into) : slideAround(samples, into);
    }

    boolean slideHistograms(
        Labels labels, SampleColumns samples, HistogramSamples histograms, Column column) {
      var slider =
          new MixedSlider(
              function,
              mode,
              timing,
              rangeMillis,
              evaluation.lookbackMillis(),
              meter,
              remark -> histogramNotes.note(remark, labels.metricName()));
      window.series(samples.timestamps(), samples.values(), samples.size());
      computed.start(window);
      long queried =
          slider.slide(computed, window, this::moveParameters, samples, histograms, grid, column);
      count(samples, histograms, queried);
      return !column.isEmpty();
    }

    private void moveParameters(int step) {
      if (first.length > 0) {
        window.parameters(first[step], second[step]);
      }
    }

    /// Moves a window that also sees samples around it.
    private boolean slideAround(SampleColumns samples, double[] into) {
      long[] times = samples.timestamps();
      int size = samples.size();
      boolean smoothed = mode == RangeMode.SMOOTHED;
      int from = 0;
      int to = 0;
      long queried = 0;
      boolean any = false;
      for (int step = 0; step < into.length; step++) {
        long end = timing.lookAt(grid.timeMillis(step));
        long start = end - rangeMillis;
        long lastSeen = smoothed ? end + evaluation.lookbackMillis() : end;
        while (to < size && times[to] <= lastSeen) {
          to++;
        }
        while (from < to && times[from] <= start - evaluation.lookbackMillis()) {
          from++;
        }
        into[step] =
            ExtendedWindows.at(function, smoothed, times, samples.values(), from, to, start, end);
        any |= Absence.isPresent(into[step]);
        queried += to - from;
        meter.work(1 + (to - from));
      }
      count(samples, NO_HISTOGRAMS, queried);
      return any;
    }

    /// Counts the samples of all windows: together, unless each step is wanted.
    private void count(SampleColumns samples, HistogramSamples histograms, long queried) {
      var counts = evaluation.counts();
      if (!counts.wantsSteps()) {
        counts.add(queried);
        return;
      }
      long around = mode == RangeMode.PLAIN ? 0 : evaluation.lookbackMillis();
      long behind = mode == RangeMode.SMOOTHED ? around : 0;
      for (int step = 0; step < ends.length; step++) {
        long start = ends[step] - rangeMillis - around;
        long end = ends[step] + behind;
        int from = firstAfter(start, samples.timestamps(), samples.size());
        int to = firstAfter(end, samples.timestamps(), samples.size());
        long seen = from < to ? to - from + window.leftOut() : 0;
        int last = firstAfter(end, histograms.times(), histograms.size());
        for (int i = firstAfter(start, histograms.times(), histograms.size()); i < last; i++) {
          seen += Budget.samples(histograms.get(i).bytes());
        }
        counts.add(step, seen);
      }
    }

    private static int firstAfter(long millis, long[] times, int size) {
      int found = Arrays.binarySearch(times, 0, size, millis);
      return found >= 0 ? found + 1 : -found - 1;
    }

    private boolean slideInside(SampleColumns samples, double[] into) {
      long[] times = samples.timestamps();
      int size = samples.size();
      window.series(times, samples.values(), size);
      computed.start(window);
      long seen = computed.slide(window, ends, rangeMillis, into);
      if (seen != WindowFunction.STEP_BY_STEP) {
        count(samples, NO_HISTOGRAMS, seen);
        meter.work(into.length + (int) Math.min(seen, Integer.MAX_VALUE >> 1));
        return seen > 0 && hasPoint(into);
      }
      int from = 0;
      int to = 0;
      int work = 0;
      long queried = 0;
      boolean any = false;
      for (int step = 0; step < into.length; step++) {
        long end = ends[step];
        long start = end - rangeMillis;
        while (to < size && times[to] <= end) {
          to++;
        }
        while (from < to && times[from] <= start) {
          from++;
        }
        double value = Absence.NONE;
        if (from < to) {
          window.moveTo(from, to, start, end, grid.timeMillis(step));
          moveParameters(step);
          value = valueAt(computed, window);
          any |= Absence.isPresent(value);
          queried += window.countOfAll();
        }
        into[step] = value;
        work += 1 + (to - from);
        if (work >= WORK_PER_NOTE) {
          meter.work(work);
          work = 0;
        }
      }
      meter.work(work);
      count(samples, NO_HISTOGRAMS, queried);
      return any;
    }
  }

  private static boolean hasPoint(double[] values) {
    for (double value : values) {
      if (Absence.isPresent(value)) {
        return true;
      }
    }
    return false;
  }

  static double valueAt(WindowFunction computed, Window window) {
    try {
      return computed.at(window);
    } catch (IllegalArgumentException e) {
      throw EvaluationException.noResult(String.valueOf(e.getMessage()));
    }
  }

  private void note(Labels labels, double[] parameter, Column column) {
    double[] values = column.values();
    if (function.wantsCounter()) {
      if (column.hasHistograms() && !column.hasNumbers()) {
        return;
      }
      String name = labels.metricName();
      if (!name.isEmpty()
          && !(name.endsWith("_total")
              || name.endsWith("_sum")
              || name.endsWith("_count")
              || name.endsWith("_bucket"))) {
        evaluation
            .notes()
            .inform(
                place,
                "metric might not be a counter, name does not end in _total/_sum/_count/_bucket: "
                    + Quoted.of(name));
      }
    } else if (function == RangeFunction.QUANTILE_OVER_TIME) {
      for (int step = 0; step < values.length; step++) {
        if (Absence.isPresent(values[step])) {
          checkQuantile(evaluation.notes(), place, parameter[step]);
        }
      }
    }
  }

  /// Warns of a quantile that is none.
  static void checkQuantile(Notes notes, Place place, double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      notes.warn(
          place, "quantile value should be between 0 and 1, got " + NumberText.general(quantile));
    }
  }
}
