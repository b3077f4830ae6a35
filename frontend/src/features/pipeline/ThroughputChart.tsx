import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { axisNumber, clock, rate } from "../../ui/format";
import { timeTicks } from "../../ui/timeTicks";
import type { PipelineSample } from "./usePipeline";

const AXIS = { fontSize: "0.75rem", fill: "var(--ink-soft)" };

export default function ThroughputChart({ samples }: { samples: readonly PipelineSample[] }) {
  const { ticks, format } = timeTicks(samples[0]?.at ?? 0, samples.at(-1)?.at ?? 0);
  return (
    <ResponsiveContainer width="100%" height="100%" debounce={100}>
      <LineChart
        data={samples as PipelineSample[]}
        margin={{ top: 8, right: 16, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          domain={["dataMin", "dataMax"]}
          ticks={ticks}
          tickFormatter={format}
          tick={AXIS}
          tickLine={false}
          axisLine={{ stroke: "var(--line)" }}
          minTickGap={24}
          height={26}
        />
        <YAxis
          width={44}
          tick={AXIS}
          tickLine={false}
          axisLine={false}
          tickCount={4}
          tickFormatter={axisNumber}
        />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(at) => clock(Number(at))}
          formatter={(value) => `${rate(Number(value))} posts/s`}
          contentStyle={{ background: "var(--panel)", borderColor: "var(--line-strong)", borderRadius: 6 }}
          itemStyle={{ color: "var(--ink)" }}
        />
        <Line
          dataKey="ingested"
          name="Incoming"
          stroke="var(--ink-soft)"
          strokeDasharray="5 3"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
        <Line
          dataKey="processed"
          name="Classified"
          stroke="var(--ink)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  );
}
