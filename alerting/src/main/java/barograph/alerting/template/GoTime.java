package barograph.alerting.template;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/// Times as Go knows them: how `time.Time` prints itself, and its layouts, which are written as the
/// moment `Mon Jan 2 15:04:05 MST 2006` would look.
final class GoTime {
  /// How a time prints itself.
  private static final String PRINTED = "2006-01-02 15:04:05.999999999 -0700 MST";

  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  /// Parts of a layout, those first that begin like another but are longer.
  private static final List<String> PARTS =
      List.of(
          "January",
          "Jan",
          "Monday",
          "Mon",
          "MST",
          "2006",
          "-070000",
          "-07:00:00",
          "-0700",
          "-07:00",
          "-07",
          "Z070000",
          "Z07:00:00",
          "Z0700",
          "Z07:00",
          "Z07",
          "01",
          "02",
          "03",
          "04",
          "05",
          "06",
          "002",
          "15",
          "PM",
          "pm",
          "_2006",
          "__2",
          "_2",
          "1",
          "2",
          "3",
          "4",
          "5");

  private GoTime() {}

  /// A moment with the zone in which it is shown.
  record Moment(ZonedDateTime time) implements GoValue {
    static Moment utc(Instant instant) {
      return new Moment(instant.atZone(ZoneOffset.UTC));
    }

    /// The same moment elsewhere.
    Moment in(String zone) {
      try {
        return switch (zone) {
          case "", "UTC" -> new Moment(time.withZoneSameInstant(ZoneOffset.UTC));
          case "Local" -> new Moment(time.withZoneSameInstant(ZoneId.systemDefault()));
          default -> new Moment(time.withZoneSameInstant(ZoneId.of(zone)));
        };
      } catch (DateTimeException e) {
        throw new TemplateException("unknown time zone " + zone);
      }
    }

    String format(String layout) {
      return GoTime.format(time, layout);
    }

    /// Written by Java's own means, as messages hold two of them for each alert.
    String rfc3339() {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }

    Instant instant() {
      return time.toInstant();
    }

    @Override
    public @Nullable Object call(String method, Arguments arguments) {
      if (arguments.size() == 1) {
        return ofOne(method, arguments);
      }
      return switch (method) {
        case "Unix" -> time.toEpochSecond();
        case "UnixMilli" -> time.toInstant().toEpochMilli();
        case "UTC" -> in("UTC");
        case "Local" -> in("Local");
        case "String" -> printed();
        case "Year" -> (long) time.getYear();
        case "Month" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        case "Day" -> (long) time.getDayOfMonth();
        case "YearDay" -> (long) time.getDayOfYear();
        case "Weekday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
        case "Hour" -> (long) time.getHour();
        case "Minute" -> (long) time.getMinute();
        case "Second" -> (long) time.getSecond();
        case "Nanosecond" -> (long) time.getNano();
        case "IsZero" -> time.toInstant().equals(NotificationData.NEVER);
        default -> null;
      };
    }

    private @Nullable Object ofOne(String method, Arguments arguments) {
      return switch (method) {
        case "Format" -> format(arguments.text(0));
        case "Sub" -> between(other(arguments).instant(), instant());
        case "Before" -> time.isBefore(other(arguments).time);
        case "After" -> time.isAfter(other(arguments).time);
        case "Equal" -> time.isEqual(other(arguments).time);
        case "Add" ->
            arguments.at(0) instanceof Duration duration ? new Moment(time.plus(duration)) : null;
        default -> null;
      };
    }

    private static Moment other(Arguments arguments) {
      if (arguments.at(0) instanceof Moment moment) {
        return moment;
      }
      throw new WrongTypeException("time.Time", Values.typeOf(arguments.at(0)));
    }

    @Override
    public String printed() {
      return format(PRINTED);
    }

    @Override
    public String type() {
      return "time.Time";
    }
  }

  /// The time from one moment to another, as long as it can be: 292 years.
  static Duration between(Instant from, Instant to) {
    var exact = Duration.between(from, to);
    if (exact.compareTo(LONGEST) > 0) {
      return LONGEST;
    }
    return exact.compareTo(LONGEST.negated()) < 0 ? LONGEST.negated() : exact;
  }

  private static String format(ZonedDateTime time, String layout) {
    var text = new StringBuilder();
    int at = 0;
    while (at < layout.length()) {
      int fraction = fractionEnd(layout, at);
      if (fraction > at) {
        appendFraction(text, time.getNano(), layout.substring(at, fraction));
        at = fraction;
        continue;
      }
      var part = partAt(layout, at);
      if (part == null) {
        text.append(layout.charAt(at++));
      } else {
        text.append(shown(time, part));
        at += part.length();
      }
    }
    return text.toString();
  }

  private static @Nullable String partAt(String layout, int at) {
    for (var part : PARTS) {
      // "January" begins with "Jan", but "Janus" has no month in it.
      boolean word = part.equals("Jan") || part.equals("Mon");
      int end = at + part.length();
      boolean goesOn = word && end < layout.length() && Character.isLowerCase(layout.charAt(end));
      if (layout.startsWith(part, at) && !goesOn) {
        return part;
      }
    }
    return null;
  }

  /// Where the digits of a second behind a point or comma end, or `at` if there are none there.
  private static int fractionEnd(String layout, int at) {
    char c = layout.charAt(at);
    if ((c != '.' && c != ',') || at + 1 >= layout.length()) {
      return at;
    }
    char digit = layout.charAt(at + 1);
    if (digit != '0' && digit != '9') {
      return at;
    }
    int end = at + 1;
    while (end < layout.length() && layout.charAt(end) == digit) {
      end++;
    }
    boolean digitFollows = end < layout.length() && Character.isDigit(layout.charAt(end));
    return digitFollows ? at : end;
  }

  /// Zeros stand for that many digits, nines for up to so many, without a point if none is left.
  private static void appendFraction(StringBuilder text, int nanos, String part) {
    var digits = "%09d".formatted(nanos).substring(0, Math.min(9, part.length() - 1));
    if (part.charAt(1) == '9') {
      digits = digits.replaceAll("0+$", "");
    }
    if (!digits.isEmpty()) {
      text.append(part.charAt(0)).append(digits);
    }
  }

  private static String shown(ZonedDateTime time, String part) {
    return switch (part) {
      case "January" -> time.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Jan" -> time.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case "Monday" -> time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Mon" -> time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case "2006" -> "%04d".formatted(time.getYear());
      case "_2006" -> "_%04d".formatted(time.getYear());
      case "06" -> "%02d".formatted(time.getYear() % 100);
      case "01" -> "%02d".formatted(time.getMonthValue());
      case "1" -> Integer.toString(time.getMonthValue());
      case "02" -> "%02d".formatted(time.getDayOfMonth());
      case "_2" -> "%2d".formatted(time.getDayOfMonth());
      case "2" -> Integer.toString(time.getDayOfMonth());
      case "002" -> "%03d".formatted(time.getDayOfYear());
      case "__2" -> "%3d".formatted(time.getDayOfYear());
      case "15" -> "%02d".formatted(time.getHour());
      case "03" -> "%02d".formatted((time.getHour() + 11) % 12 + 1);
      case "3" -> Integer.toString((time.getHour() + 11) % 12 + 1);
      case "04" -> "%02d".formatted(time.getMinute());
      case "4" -> Integer.toString(time.getMinute());
      case "05" -> "%02d".formatted(time.getSecond());
      case "5" -> Integer.toString(time.getSecond());
      case "PM" -> time.getHour() < 12 ? "AM" : "PM";
      case "pm" -> time.getHour() < 12 ? "am" : "pm";
      case "MST" -> zoneName(time);
      default -> offset(time.getOffset().getTotalSeconds(), part);
    };
  }

  private static String zoneName(ZonedDateTime time) {
    if (time.getZone().equals(ZoneOffset.UTC) || time.getZone().getId().equals("UTC")) {
      return "UTC";
    }
    var name =
        time.getZone().getRules().isDaylightSavings(time.toInstant())
            ? TimeZone.getTimeZone(time.getZone())
                .getDisplayName(true, TimeZone.SHORT, Locale.ENGLISH)
            : TimeZone.getTimeZone(time.getZone())
                .getDisplayName(false, TimeZone.SHORT, Locale.ENGLISH);
    // Where a zone has no letters, its offset is its name.
    return name.startsWith("GMT") && name.length() > 3
        ? offset(time.getOffset().getTotalSeconds(), "-07")
        : name;
  }

  private static String offset(int seconds, String part) {
    if (part.startsWith("Z") && seconds == 0) {
      return "Z";
    }
    var sign = seconds < 0 ? "-" : "+";
    int size = Math.abs(seconds);
    var colon = part.indexOf(':') > 0 ? ":" : "";
    var hours = "%s%02d".formatted(sign, size / 3600);
    int digits = part.replace(":", "").length() - 1;
    var minutes = digits >= 4 ? "%s%02d".formatted(colon, size / 60 % 60) : "";
    var rest = digits >= 6 ? "%s%02d".formatted(colon, size % 60) : "";
    return hours + minutes + rest;
  }
}
